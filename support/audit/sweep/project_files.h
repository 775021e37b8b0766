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
  std::int64_t file = 4 << 20;  // bytes; of longer ones, seldom written by hand, the beginning
  std::int64_t long_file = 64 << 20;  // bytes; longer ones are not read at all
  std::int64_t total = 128 << 20;     // bytes
};

// Env files and secret files may hold secrets, provided that git ignores them and other accounts
// cannot read them. In any other file a secret is a finding, a grave one unless it is ignored and
// private too. What the limits of all files cut off makes the sweep incomplete; long files, links
// out of the project, the history of git and folders of tools are told.
void SearchProject(const ProjectFiles& project, const ProjectFileLimits& limits, Deadline deadline,
                   Sweep& sweep);

// A folder with all files in it, or one file: regular files, in the order of their names, at most
// `most`. Links are not followed, .git is left out, and so is what other tools keep for themselves
// (node_modules, build) unless `of_tools` asks for it. `left_out` receives these folders, those
// that may not be read, and links that lead out of `path`.
std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& path, std::int64_t most,
                                           bool of_tools = false,
                                           std::vector<std::filesystem::path>* left_out = nullptr);

}  // namespace proving_ground
