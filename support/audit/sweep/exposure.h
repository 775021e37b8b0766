// Who can get at a file of this machine: other accounts, and whoever has the repository.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "support/base/poll.h"

namespace proving_ground {

// Whether accounts other than owner and group can read `file`: its own mode, and that of every
// folder above it. nullopt: it cannot be told.
std::optional<bool> IsReadableByOthers(const std::filesystem::path& file);

enum class GitState { kNoRepository, kTracked, kIgnored, kUntracked };

// What git knows of files in the repository that a folder belongs to.
class GitView {
 public:
  // Throws EnvironmentError when there is a repository that git cannot read, or no git;
  // DeadlineExceeded.
  GitView(const std::filesystem::path& folder, Deadline deadline);

  // Asks about all of them at once; a few hundred at most.
  std::map<std::filesystem::path, GitState> StatesOf(
      const std::vector<std::filesystem::path>& files) const;

 private:
  std::filesystem::path root_;  // empty: there is no repository
  Deadline deadline_;
};

}  // namespace proving_ground
