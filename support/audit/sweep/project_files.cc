#include "support/audit/sweep/project_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "support/audit/secrets/text_kind.h"
#include "support/audit/sweep/exposure.h"
#include "support/audit/sweep/system_files.h"
#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

bool IsToolFolder(const std::string& name) {
  static constexpr std::array<std::string_view, 7> kNames = {
      ".svn", "node_modules", ".venv", "__pycache__", ".tox", ".cache", "build"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Tests and measurements, whose passwords open nothing.
bool IsTestFile(const fs::path& file) {
  static constexpr std::array<std::string_view, 9> kParts = {"_test.",  "_for_test.", ".test.",
                                                             ".spec.",  "/test_",     "/test/",
                                                             "/tests/", "/testing/",  "/bench/"};
  const std::string path = file.string();
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return path.find(part) != std::string::npos; });
}

// Whether a link leads to something that exists and does not lie below `folder`.
bool LeadsOutOf(const fs::path& folder, const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::canonical(link, error);
  if (error) return false;  // to nothing
  return target.lexically_relative(fs::weakly_canonical(folder)).string().starts_with("..");
}

// What was found in one file, before it is known how exposed the file is.
struct Searched {
  fs::path file;
  bool may_hold = false;  // an env file or a secret file
  SweepResult result;
};

class Project {
 public:
  Project(const ProjectFiles& files, const ProjectFileLimits& limits, Sweep& sweep)
      : files_(files), limits_(limits), sweep_(sweep), scratch_(sweep.detector(), sweep.known()) {
    for (const fs::path& file : files.env_files) env_files_.insert(fs::weakly_canonical(file));
    for (const fs::path& file : files.secret_files)
      secret_files_.insert(fs::weakly_canonical(file));
  }

  void Search(Deadline deadline) {
    for (const fs::path& file : ToSearch()) {
      if (bytes_ >= limits_.total || deadline.Passed()) {
        sweep_.CannotSearch(Area::kProjectFile, {.object = files_.folder.string()},
                            fmt::format("there is more than was looked at: {} bytes", bytes_));
        break;
      }
      SearchFile(file);
    }
    Judge(deadline);
  }

 private:
  std::set<fs::path> ToSearch() {
    std::vector<fs::path> left_out;
    const std::vector<fs::path> found =
        FilesIn(files_.folder, limits_.files + 1, /*of_tools=*/false, &left_out);
    if (!left_out.empty()) {
      sweep_.LeaveOut({.file = Name(left_out.front())},
                      fmt::format("{} folders (of git, of tools, not readable) and links out of "
                                  "the project were not searched: this is the first",
                                  left_out.size()));
    }
    if (static_cast<std::int64_t>(found.size()) > limits_.files) {
      sweep_.CannotSearch(Area::kProjectFile, {.object = files_.folder.string()},
                          fmt::format("there are more than {} files", limits_.files));
    }
    std::set<fs::path> files(env_files_);
    files.insert(secret_files_.begin(), secret_files_.end());
    for (const fs::path& file : files_.others) files.insert(fs::weakly_canonical(file));
    for (const fs::path& file : found) files.insert(fs::weakly_canonical(file));
    return files;
  }

  void SearchFile(const fs::path& file) {
    std::error_code error;
    const auto size = static_cast<std::int64_t>(fs::file_size(file, error));
    const bool may_hold = secret_files_.contains(file) || env_files_.contains(file) ||
                          KindOfFile(file.string()) == TextKind::kEnvFile;
    // A declared env file need not exist.
    if (error) return;
    const Place place{.file = Name(file)};
    if (size > limits_.long_file) {
      return sweep_.LeaveOut(place, fmt::format("it is {} bytes long and was not searched", size));
    }
    std::string text;
    try {
      text = ReadFile(file);
    } catch (const EnvironmentError& unreadable) {
      sweep_.CannotSearch(Area::kProjectFile, place, unreadable.what());
      return;
    }
    bytes_ += size;
    if (IsText(text) && size > limits_.file) {
      sweep_.LeaveOut(place, fmt::format("of {} bytes the first {} were searched, and all for the "
                                         "stack's own secrets only",
                                         size, limits_.file));
      scratch_.SearchKnown(Area::kProjectFile, place, text);
      text.resize(static_cast<size_t>(limits_.file));
    }
    if (IsText(text)) {
      scratch_.Search(Area::kProjectFile, place, text, KindOfText(file.string(), text));
    } else {
      scratch_.SearchKnown(Area::kProjectFile, place, text);
    }
    searched_.push_back({file, may_hold, scratch_.Take()});
  }

  // Files with secrets in them: who can get at them?
  void Judge(Deadline deadline) {
    std::vector<fs::path> with_secrets;
    for (const Searched& searched : searched_) {
      if (!searched.result.findings.empty()) with_secrets.push_back(searched.file);
    }
    std::map<fs::path, GitState> states;
    try {
      states = GitView(files_.folder, deadline).StatesOf(with_secrets);
    } catch (const EnvironmentError& error) {
      sweep_.CannotSearch(Area::kProjectFile, {.object = files_.folder.string()}, error.what());
    }
    for (Searched& searched : searched_) {
      if (!searched.result.findings.empty()) {
        const auto state = states.find(searched.file);
        Weigh(searched, state == states.end() ? GitState::kNoRepository : state->second);
      }
      sweep_.Merge(std::move(searched.result));
    }
  }

  void Weigh(Searched& searched, GitState state) {
    const bool published = state == GitState::kTracked || state == GitState::kUntracked;
    const bool open = IsReadableByOthers(searched.file).value_or(true);
    std::vector<Finding>& findings = searched.result.findings;
    if (!searched.may_hold) {
      const bool private_one = !published && !open;
      for (Finding& finding : findings) {
        const bool known = finding.severity == Severity::kCritical;
        if (private_one || (!known && IsTestFile(Name(searched.file)))) {
          finding.severity = Severity::kLow;
        }
      }
      return;
    }
    const auto secrets = findings.size();
    findings.clear();
    const Place place{.file = Name(searched.file)};
    if (published) {
      findings.push_back(
          {"SEC-09", Severity::kHigh, place,
           fmt::format("holds {} secrets, and git {} it", secrets,
                       state == GitState::kTracked ? "has" : "does not ignore"),
           "take it out of the repository, add it to .gitignore, renew what is in it"});
    }
    if (open) {
      findings.push_back({"SEC-09", Severity::kMedium, place,
                          fmt::format("holds {} secrets, and every account of this machine can "
                                      "read it",
                                      secrets),
                          "chmod 600 it, or 700 its folder"});
    }
  }

  // Relative to the project where it lies in it.
  std::string Name(const fs::path& file) const {
    const fs::path relative = file.lexically_relative(fs::weakly_canonical(files_.folder));
    const bool inside = !relative.empty() && !relative.string().starts_with("..");
    return ShownText(inside ? relative.string() : file.string(), 200);
  }

  const ProjectFiles& files_;
  const ProjectFileLimits& limits_;
  Sweep& sweep_;
  Sweep scratch_;
  std::set<fs::path> env_files_;
  std::set<fs::path> secret_files_;
  std::vector<Searched> searched_;
  std::int64_t bytes_ = 0;
};

}  // namespace

std::vector<fs::path> FilesIn(const fs::path& path, std::int64_t most, bool of_tools,
                              std::vector<fs::path>* left_out) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  const auto leave_out = [&](const fs::path& what) {
    if (left_out != nullptr) left_out->push_back(what);
  };
  auto entry =
      fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (static_cast<std::int64_t>(files.size()) >= most) break;
    if (entry->is_symlink(error)) {
      if (LeadsOutOf(path, entry->path())) leave_out(entry->path());
    } else if (entry->is_directory(error)) {
      const std::string name = entry->path().filename().string();
      const bool skipped = name == ".git" || (!of_tools && IsToolFolder(name));
      if (skipped) entry.disable_recursion_pending();
      if (skipped || ::access(entry->path().c_str(), R_OK | X_OK) != 0) leave_out(entry->path());
    } else if (entry->is_regular_file(error)) {
      files.push_back(entry->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void SearchProject(const ProjectFiles& project, const ProjectFileLimits& limits, Deadline deadline,
                   Sweep& sweep) {
  Project(project, limits, sweep).Search(deadline);
}

}  // namespace proving_ground
