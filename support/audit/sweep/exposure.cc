#include "support/audit/sweep/exposure.h"

#include <sys/stat.h>

#include <set>
#include <string_view>

#include "support/base/errors.h"
#include "support/compose/command.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

// `safe.directory`: a repository of another account is read here, never written.
CommandResult Git(const fs::path& folder, std::vector<std::string> arguments, Deadline deadline) {
  std::vector<std::string> command = {
      "git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", folder.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunCommand({.arguments = std::move(command)}, deadline);
}

std::set<std::string> SplitAtNul(std::string_view text) {
  std::set<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\0'), text.size());
    parts.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool LiesInRepository(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    if (fs::exists(folder / ".git")) return true;
    if (folder == folder.parent_path()) return false;
  }
}

}  // namespace

std::optional<bool> IsReadableByOthers(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  if ((status.st_mode & S_IROTH) == 0) return false;
  for (fs::path folder = fs::absolute(file).parent_path();; folder = folder.parent_path()) {
    if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
    if ((status.st_mode & S_IXOTH) == 0) return false;
    if (folder == folder.parent_path()) return true;
  }
}

GitView::GitView(const fs::path& folder, Deadline deadline) : deadline_(deadline) {
  const fs::path absolute = fs::weakly_canonical(folder);
  if (!LiesInRepository(absolute)) return;
  const CommandResult asked = Git(absolute, {"rev-parse", "--show-toplevel"}, deadline_);
  if (asked.exit_code != 0) {
    throw EnvironmentError(
        "git cannot read the repository of " + absolute.string() + ": " + asked.standard_error,
        "try `git status` there");
  }
  root_ = asked.standard_output.substr(0, asked.standard_output.find('\n'));
}

std::map<fs::path, GitState> GitView::StatesOf(const std::vector<fs::path>& files) const {
  std::map<fs::path, GitState> states;
  std::map<std::string, fs::path> names;  // as git prints them: relative to the root
  for (const fs::path& file : files) {
    states[file] = GitState::kNoRepository;
    if (root_.empty()) continue;
    const std::string name = fs::weakly_canonical(file).lexically_relative(root_).string();
    if (!name.starts_with("..")) names[name] = file;
  }
  if (names.empty()) return states;
  const auto ask = [&](std::vector<std::string> arguments) {
    arguments.emplace_back("--");
    for (const auto& [name, file] : names) arguments.push_back(":(literal)" + name);
    return SplitAtNul(Git(root_, std::move(arguments), deadline_).standard_output);
  };
  const std::set<std::string> tracked = ask({"ls-files", "-z"});
  const std::set<std::string> untracked = ask({"ls-files", "-z", "--others", "--exclude-standard"});
  for (const auto& [name, file] : names) {
    states[file] = tracked.contains(name)     ? GitState::kTracked
                   : untracked.contains(name) ? GitState::kUntracked
                                              : GitState::kIgnored;
  }
  return states;
}

}  // namespace proving_ground
