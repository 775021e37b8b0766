#include "support/load/load_run.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/base/errors.h"
#include "support/load/load_execution.h"

namespace proving_ground {
namespace {

constexpr std::size_t kLongestRunId = 20;

void CheckRunId(const std::string& run_id) {
  const auto allowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  };
  if (!run_id.empty() && run_id.size() <= kLongestRunId &&
      std::all_of(run_id.begin(), run_id.end(), allowed)) {
    return;
  }
  throw UsageError("run id \"" + run_id + "\"", "use 1 to 20 of a-z, 0-9 and -");
}

std::string CurrentExceptionText() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace

LoadRun::LoadRun(LoadRunOptions options, LoadRunDependencies dependencies)
    : options_(std::move(options)), dependencies_(std::move(dependencies)) {
  CheckRunId(options_.run_id);
  if (options_.contract.teams.empty()) {
    throw UsageError("the contract names no team", "list teams in x-acceptance");
  }
  for (const std::string& team : options_.contract.teams) {
    const auto found = dependencies_.drivers.find(team);
    if (found == dependencies_.drivers.end() || found->second == nullptr) {
      throw UsageError("team " + team + " has no task driver", "give the run one per team");
    }
  }
  if (dependencies_.fleet == nullptr || !dependencies_.redis_keys) {
    throw UsageError("the load run has no fleet or no list of keys", "give it both");
  }
}

LoadRecording LoadRun::Execute() {
  LoadExecution execution(options_, dependencies_);
  try {
    execution.RunPhases();
  } catch (...) {
    const LoadRecording partial = execution.Finish(CurrentExceptionText());
    if (!options_.recording_file.empty()) {
      try {
        SaveRecording(partial, options_.recording_file);
      } catch (const std::exception&) {
        // What broke the run is what the caller must hear about.
      }
    }
    throw;
  }
  LoadRecording recording = execution.Finish("");
  if (!options_.recording_file.empty()) SaveRecording(recording, options_.recording_file);
  return recording;
}

}  // namespace proving_ground
