// For tests: a run folder with something of everything that runs leave.
#pragma once

#include <filesystem>

#include "support/report/run_folder.h"

namespace proving_ground {

// Two teams and six services; all of load, failover and security was to run. Of their criteria some
// passed, F-1 sales failed, S-3 is inconclusive, L-9 was skipped, F-2 sales was being tried when
// its process was killed, and nothing after it ran. One text of a case is hostile: markup, control
// characters, broken UTF-8, a secret.
RunFolder MakeSampleRun(const std::filesystem::path& folder);

// The same in which everything that was to run passed.
RunFolder MakeGoodRun(const std::filesystem::path& folder);

// The secret that stands in the sample's texts, and must not in what is drawn from it.
extern const char* const kSampleSecret;

}  // namespace proving_ground
