// The last look at a run folder: do its files, reports included, hold a secret of the stack?
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace proving_ground {

// What was found, in words that hold no secret.
struct LeakSearch {
  int files = 0;                   // that were searched
  int secrets = 0;                 // values that were searched for
  std::vector<std::string> leaks;  // a line for each file and secret: where, which, how encoded
  std::vector<std::string>
      unsearched;  // files, and secrets whose value is not known here, with why
};

// Searches every file below `folder`, exactly, for what the files of secrets hold, plain and
// encoded. The audit has searched what was there before it; this covers what is written later.
LeakSearch SearchForLeaks(const std::filesystem::path& folder,
                          const std::vector<std::string>& secret_files);

nlohmann::json ToJson(const LeakSearch& search);
// Throws EnvironmentError for what is none.
LeakSearch LeakSearchFromJson(const nlohmann::json& json);

}  // namespace proving_ground
