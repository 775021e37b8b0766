// What notifications need of a run's summary.json.
#pragma once

#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

namespace proving_ground {

struct RunSummary {
  std::string run;  // name of the folder
  int exit_code = 5;
  std::string headline;
  int passed = 0;
  int planned = 0;
  std::vector<std::string> open;    // what is neither passed nor skipped: "F-3 sales: failed: …"
  std::vector<std::string> missed;  // names alone: "F-3"
  std::time_t started = 0;          // from the folder's name; 0: it tells none
  std::string profile;

  bool good() const { return exit_code == 0; }
};

// A folder without a readable summary.json is a run that came to no verdict, never a good one.
// Throws UsageError when there is no such folder.
RunSummary ReadRunSummary(const std::filesystem::path& run_folder);

// Runs of the folder `runs` that started at `since` or later, oldest first.
std::vector<RunSummary> ReadRunsSince(const std::filesystem::path& runs, std::time_t since);

}  // namespace proving_ground
