#include "support/audit/live_texts.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "support/base/file_descriptor.h"

namespace proving_ground::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestText = 1 << 20;

// Text of an open file, as far as it is not too long.
std::string TextOf(int file) {
  std::string text;
  std::array<char, 16'384> piece;
  while (text.size() < kLongestText) {
    const ssize_t count = ::read(file, piece.data(), piece.size());
    if (count <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::optional<std::string> ReadText(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0) return std::nullopt;
  std::string text = TextOf(file.get());
  if (text.empty()) return std::nullopt;
  return text;
}

// The same of a file of a cgroup file system; a container may have put anything else there.
std::optional<std::string> ReadCgroupText(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct statfs system = {};
  if (file.get() < 0 || ::fstatfs(file.get(), &system) != 0) return std::nullopt;
  if (system.f_type != CGROUP_SUPER_MAGIC && system.f_type != CGROUP2_SUPER_MAGIC) {
    return std::nullopt;
  }
  return TextOf(file.get());
}

void AddNamespaces(const fs::path& process, LiveTruthTexts& texts) {
  for (const char* name : {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}) {
    std::error_code error;
    const fs::path link = fs::read_symlink(process / "ns" / name, error);
    if (!error) texts[std::string("ns/") + name] = link.string();
  }
}

// Path of a process's cgroup by controller; "" is the one hierarchy of version 2.
std::map<std::string, std::string> CgroupPaths(const std::string& text) {
  std::map<std::string, std::string> paths;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    std::istringstream controllers(line.substr(first + 1, second - first - 1));
    const std::string path = line.substr(second + 1);
    if (second == first + 1) paths[""] = path;
    for (std::string name; std::getline(controllers, name, ',');) paths[name] = path;
  }
  return paths;
}

// A container sees either its own cgroup as the root, or the whole tree of the host.
void AddCgroupFile(const fs::path& root, const std::map<std::string, std::string>& paths,
                   const std::string& controller, const std::string& name, LiveTruthTexts& texts) {
  const auto found = paths.find(controller);
  if (found == paths.end()) return;
  const fs::path hierarchy = root / "sys/fs/cgroup" / controller;
  std::optional<std::string> text;
  // ".." leads to a cgroup outside the reader's own view, which the container's tree cannot have.
  if (found->second.size() > 1 && found->second.find("..") == std::string::npos) {
    text = ReadCgroupText(hierarchy / found->second.substr(1) / name);
  }
  if (!text) text = ReadCgroupText(hierarchy / name);
  if (text) texts[name] = *text;
}

void AddLimits(const fs::path& process, const std::string& cgroup, LiveTruthTexts& texts) {
  const fs::path root = process / "root";
  const auto paths = CgroupPaths(cgroup);
  for (const char* name : {"memory.max", "cpu.max", "pids.max"}) {
    AddCgroupFile(root, paths, "", name, texts);
  }
  AddCgroupFile(root, paths, "memory", "memory.limit_in_bytes", texts);
  AddCgroupFile(root, paths, "cpu", "cpu.cfs_quota_us", texts);
  AddCgroupFile(root, paths, "cpu", "cpu.cfs_period_us", texts);
  AddCgroupFile(root, paths, "pids", "pids.max", texts);
}

bool Bears(const std::optional<std::string>& cgroup, const std::string& container) {
  return cgroup && !container.empty() && cgroup->find(container) != std::string::npos;
}

// Pid of the parent, as text of /proc/PID/status tells it; empty: it has none here.
std::string ParentOf(const std::string& status) {
  constexpr std::string_view kField = "PPid:\t";
  const std::size_t start = status.find(kField);
  if (start == std::string::npos) return {};
  const std::size_t digits = start + kField.size();
  const std::string parent = status.substr(digits, status.find('\n', digits) - digits);
  return parent == "0" ? "" : parent;
}

}  // namespace

LiveReading ReadLiveTexts(const fs::path& proc, const LiveTarget& target) {
  LiveReading reading;
  const fs::path process = proc / std::to_string(target.pid);
  const std::optional<std::string> cgroup = ReadText(process / "cgroup");
  if (target.pid <= 0 || !Bears(cgroup, target.container)) {
    reading.refused = "process " + std::to_string(target.pid) + " is not the container's";
    return reading;
  }
  const std::map<const char*, const char*> files = {
      {"status", "status"}, {"mountinfo", "mountinfo"}, {"tcp", "net/tcp"}, {"tcp6", "net/tcp6"}};
  for (const auto& [name, file] : files) {
    if (auto text = ReadText(process / file)) reading.texts[name] = std::move(*text);
  }
  AddNamespaces(process, reading.texts);
  AddLimits(process, *cgroup, reading.texts);
  // Its number may have gone to another process meanwhile.
  if (!Bears(ReadText(process / "cgroup"), target.container)) {
    reading.texts.clear();
    reading.refused = "process " + std::to_string(target.pid) + " ended while it was read";
  }
  return reading;
}

LiveTruthTexts ReadHostNamespaces(const fs::path& proc, const LiveTarget& container) {
  LiveTruthTexts texts;
  AddNamespaces(proc / "1", texts);
  if (!texts.empty()) return texts;
  const fs::path process = proc / std::to_string(container.pid);
  if (!Bears(ReadText(process / "cgroup"), container.container)) return texts;
  const std::string parent = ParentOf(ReadText(process / "status").value_or(""));
  if (!parent.empty()) AddNamespaces(proc / parent, texts);
  return texts;
}

}  // namespace proving_ground::audit
