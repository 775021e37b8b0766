#include "support/report/run_model.h"

#include <algorithm>

namespace proving_ground {

std::string_view StateName(ResultState state) {
  switch (state) {
    case ResultState::kPassed:
      return "passed";
    case ResultState::kFailed:
      return "failed";
    case ResultState::kInconclusive:
      return "inconclusive";
    case ResultState::kSkipped:
      return "skipped";
    case ResultState::kError:
      return "error";
    case ResultState::kDidNotFinish:
      return "did not finish";
    case ResultState::kNotRun:
      return "not run";
  }
  return "unknown";
}

int RunModel::Count(ResultState state) const {
  return static_cast<int>(
      std::count_if(results.begin(), results.end(),
                    [&](const CriterionResult& result) { return result.state == state; }));
}

std::vector<std::string> RunModel::Suites() const {
  std::vector<std::string> suites;
  for (const CriterionResult& result : results) {
    if (std::find(suites.begin(), suites.end(), result.suite) == suites.end()) {
      suites.push_back(result.suite);
    }
  }
  return suites;
}

}  // namespace proving_ground
