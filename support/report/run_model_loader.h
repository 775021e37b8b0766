// From a run folder to the model of the run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/report/decision.h"
#include "support/report/run_model.h"

namespace proving_ground {

struct LoadOptions {
  // Suites that were meant to run; empty: those that the run itself wrote down, else those that
  // have begun.
  std::vector<std::string> suites;
  FailOn fail_on;
  // Without recordings, matrices and logs: what JUnit needs, in milliseconds.
  bool results_only = false;
  // An earlier run to compare with; empty: none.
  std::filesystem::path previous;
};

// Throws UsageError when there is no such folder; EnvironmentError when it cannot be read at all.
// Damaged parts are named in `unreadable`; a run with such parts is never good.
RunModel LoadRunModel(const std::filesystem::path& folder, const LoadOptions& options);

}  // namespace proving_ground
