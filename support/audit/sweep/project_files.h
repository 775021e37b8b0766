// The files beside the compose files: what is written into them, who can read them, and whether git
// would publish them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/audit/sweep/sweep.h"
#include "support/base/poll.h"

namespace proving_ground {

struct ProjectFiles {
  std::filesystem::path folder;                     // searched with the folders in it
  std::vector<std::filesystem::path> others;        // compose files and the like, wherever they are
  std::vector<std::filesystem::path> env_files;     // wherever they are
  std::vector<std::filesystem::path> secret_files;  // made to hold a secret
};

struct ProjectFileLimits {
  std::int64_t files = 5'000;
  std::int64_t file = 4 << 20;     // bytes; longer ones are seldom written by hand
  std::int64_t total = 128 << 20;  // bytes
};

// Env files and secret files may hold secrets, provided that git ignores them and other accounts
// cannot read them. In any other file a secret is a finding, a grave one unless it is ignored and
// private too. What a limit cuts off makes the sweep incomplete.
void SearchProject(const ProjectFiles& project, const ProjectFileLimits& limits, Deadline deadline,
                   Sweep& sweep);

// A folder with all files in it, or one file: regular files, in the order of their names, at most
// `most`. Links are not followed, .git is left out, and so is what other tools keep for themselves
// (node_modules, build) unless `of_tools` asks for it.
std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& path, std::int64_t most,
                                           bool of_tools = false);

}  // namespace proving_ground
