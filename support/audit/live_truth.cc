#include "support/audit/live_truth.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace proving_ground::audit {
namespace {

// Mount tables and socket tables of honest containers have a few dozen lines; a hostile one must
// not cost more than this.
constexpr std::size_t kMostLines = 10'000;
// Version 1 shows "none" as the largest multiple of a page below 2^63.
constexpr double kNoMemoryLimit = 9.0e18;

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kMostLines) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<std::string> Words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text, int base = 10) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ProcessStatus> ParseStatus(std::string_view text) {
  std::map<std::string, std::vector<std::string>> fields;
  for (const std::string_view line : SplitLines(text)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields[std::string(line.substr(0, colon))] = Words(line.substr(colon + 1));
  }
  bool complete = true;
  const auto number = [&](const char* name, std::size_t word, int base) -> std::uint64_t {
    const auto found = fields.find(name);
    if (found == fields.end() || found->second.size() <= word) {
      complete = false;
      return 0;
    }
    const auto value = ParseNumber<std::uint64_t>(found->second[word], base);
    complete = complete && value.has_value();
    return value.value_or(0);
  };
  ProcessStatus status;
  status.effective_uid = static_cast<std::uint32_t>(number("Uid", 1, 10));
  status.effective_gid = static_cast<std::uint32_t>(number("Gid", 1, 10));
  status.effective_capabilities = number("CapEff", 0, 16);
  status.bounding_capabilities = number("CapBnd", 0, 16);
  status.ambient_capabilities = number("CapAmb", 0, 16);
  status.no_new_privileges = number("NoNewPrivs", 0, 10) == 1;
  status.seccomp_mode = static_cast<int>(number("Seccomp", 0, 10));
  if (!complete) return std::nullopt;
  return status;
}

// mountinfo writes space, tab, newline and backslash as three octal digits.
std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      if (const auto code = ParseNumber<unsigned>(text.substr(i + 1, 3), 8); code && *code < 256) {
        plain += static_cast<char>(*code);
        i += 3;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

void AddOptions(std::string_view list, LiveMount& mount) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    mount.options.emplace(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

// "36 35 98:0 /root /target rw,noatime master:1 - ext3 /dev/root rw,errors=continue": proc(5).
std::optional<LiveMount> ParseMount(std::string_view line) {
  const std::vector<std::string> words = Words(line);
  const auto separator = std::find(words.begin(), words.end(), "-");
  if (words.size() < 7 || separator - words.begin() < 6 || words.end() - separator < 2) {
    return std::nullopt;
  }
  LiveMount mount;
  mount.root = Unescaped(words[3]);
  mount.target = Unescaped(words[4]);
  mount.type = *(separator + 1);
  AddOptions(words[5], mount);
  mount.read_only = mount.options.contains("ro");
  if (words.end() - separator > 3) {
    AddOptions(words.back(), mount);
    mount.read_only = mount.read_only || mount.options.contains("ro");
  }
  return mount;
}

std::optional<std::vector<LiveMount>> ParseMounts(std::string_view text) {
  std::vector<LiveMount> mounts;
  for (const std::string_view line : SplitLines(text)) {
    if (auto mount = ParseMount(line)) mounts.push_back(std::move(*mount));
  }
  if (mounts.empty()) return std::nullopt;  // every process has a root: the text is no mount table
  return mounts;
}

// Addresses are shown as 32-bit words in host byte order: 127.0.0.1 is 0100007F on this platform.
bool IsLoopback(std::string_view address) {
  if (address.size() == 8) return address.ends_with("7F");
  return address == "00000000000000000000000001000000" ||
         (address.starts_with("0000000000000000FFFF0000") && address.ends_with("7F"));
}

// "0: 0100007F:1F90 00000000:0000 0A …"; 0A is LISTEN.
void AddListening(std::string_view text, std::vector<ListeningSocket>& sockets) {
  for (const std::string_view line : SplitLines(text)) {
    const std::vector<std::string> words = Words(line);
    if (words.size() < 4 || words[3] != "0A") continue;
    const std::size_t colon = words[1].find(':');
    if (colon == std::string::npos) continue;
    const std::string_view local = words[1];
    const auto port = ParseNumber<int>(local.substr(colon + 1), 16);
    if (port) sockets.push_back({IsLoopback(local.substr(0, colon)), *port});
  }
}

const std::string* Find(const LiveTruthTexts& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? nullptr : &found->second;
}

// First word of a file as a number; "max" and negative numbers are "none".
CgroupLimits::Limit ReadLimit(const LiveTruthTexts& texts, const std::string& name) {
  const std::string* text = Find(texts, name);
  if (text == nullptr) return {};
  const std::vector<std::string> words = Words(*text);
  if (words.empty()) return {};
  if (words[0] == "max") return {.known = true};
  const auto number = ParseNumber<std::int64_t>(words[0]);
  if (!number) return {};
  if (*number < 0) return {.known = true};
  return {.known = true, .value = static_cast<double>(*number)};
}

CgroupLimits::Limit ReadMemory(const LiveTruthTexts& texts) {
  CgroupLimits::Limit limit = ReadLimit(texts, "memory.max");
  if (!limit.known) limit = ReadLimit(texts, "memory.limit_in_bytes");
  if (limit.value && *limit.value > kNoMemoryLimit) limit.value.reset();
  return limit;
}

CgroupLimits::Limit ReadCpus(const LiveTruthTexts& texts) {
  CgroupLimits::Limit quota = ReadLimit(texts, "cpu.max");
  CgroupLimits::Limit period;
  if (quota.known) {
    const std::vector<std::string> words = Words(*Find(texts, "cpu.max"));
    const auto number = words.size() > 1 ? ParseNumber<std::int64_t>(words[1]) : std::nullopt;
    if (number) period = {.known = true, .value = static_cast<double>(*number)};
  } else {
    quota = ReadLimit(texts, "cpu.cfs_quota_us");
    period = ReadLimit(texts, "cpu.cfs_period_us");
  }
  if (!quota.known || !quota.value) return quota;
  if (!period.value || *period.value <= 0) return {};
  return {.known = true, .value = *quota.value / *period.value};
}

// "pid:[4026532512]".
std::optional<std::uint64_t> ParseInode(std::string_view link) {
  const std::size_t open = link.find('[');
  const std::size_t close = link.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  return ParseNumber<std::uint64_t>(link.substr(open + 1, close - open - 1));
}

}  // namespace

LiveTruth ParseLiveTruth(const LiveTruthTexts& texts) {
  LiveTruth truth;
  if (const std::string* text = Find(texts, "status")) truth.status = ParseStatus(*text);
  if (const std::string* text = Find(texts, "mountinfo")) truth.mounts = ParseMounts(*text);
  const std::string* tcp = Find(texts, "tcp");
  const std::string* tcp6 = Find(texts, "tcp6");
  if (tcp != nullptr && tcp6 != nullptr) {
    truth.listening.emplace();
    AddListening(*tcp, *truth.listening);
    AddListening(*tcp6, *truth.listening);
  }
  for (const char* name : {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}) {
    const std::string* text = Find(texts, std::string("ns/") + name);
    const auto inode = text == nullptr ? std::nullopt : ParseInode(*text);
    if (inode) truth.namespaces[name] = *inode;
  }
  truth.limits = {ReadMemory(texts), ReadCpus(texts), ReadLimit(texts, "pids.max")};
  return truth;
}

const std::array<std::string_view, kCapabilityCount>& CapabilityNames() {
  static constexpr std::array<std::string_view, kCapabilityCount> kNames = {"CHOWN",
                                                                            "DAC_OVERRIDE",
                                                                            "DAC_READ_SEARCH",
                                                                            "FOWNER",
                                                                            "FSETID",
                                                                            "KILL",
                                                                            "SETGID",
                                                                            "SETUID",
                                                                            "SETPCAP",
                                                                            "LINUX_IMMUTABLE",
                                                                            "NET_BIND_SERVICE",
                                                                            "NET_BROADCAST",
                                                                            "NET_ADMIN",
                                                                            "NET_RAW",
                                                                            "IPC_LOCK",
                                                                            "IPC_OWNER",
                                                                            "SYS_MODULE",
                                                                            "SYS_RAWIO",
                                                                            "SYS_CHROOT",
                                                                            "SYS_PTRACE",
                                                                            "SYS_PACCT",
                                                                            "SYS_ADMIN",
                                                                            "SYS_BOOT",
                                                                            "SYS_NICE",
                                                                            "SYS_RESOURCE",
                                                                            "SYS_TIME",
                                                                            "SYS_TTY_CONFIG",
                                                                            "MKNOD",
                                                                            "LEASE",
                                                                            "AUDIT_WRITE",
                                                                            "AUDIT_CONTROL",
                                                                            "SETFCAP",
                                                                            "MAC_OVERRIDE",
                                                                            "MAC_ADMIN",
                                                                            "SYSLOG",
                                                                            "WAKE_ALARM",
                                                                            "BLOCK_SUSPEND",
                                                                            "AUDIT_READ",
                                                                            "PERFMON",
                                                                            "BPF",
                                                                            "CHECKPOINT_RESTORE"};
  return kNames;
}

}  // namespace proving_ground::audit
