// Which cases of which suites a sabotage is tried with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/sabotage/catalogue.h"

namespace proving_ground {

// Where a criterion is judged.
struct CriterionCase {
  std::string_view criterion;  // "F-1"
  std::string_view program;    // "failover_suite"
  std::string_view test;       // "CoordinatorRestart.IsBackInTimeWithItsWorkers"
};

// In the order of the criteria.
const std::vector<CriterionCase>& CriterionCases();

// One run of a suite.
struct SuiteRun {
  std::string program;  // "failover_suite"
  std::string filter;   // for --gtest_filter
};

struct SuitePlan {
  std::vector<std::string> criteria;  // that get a verdict, in the order of the criteria
  std::vector<SuiteRun> runs;
  bool load = false;   // the load run must be carried out first
  bool audit = false;  // the configuration audit must be carried out first
  bool at_work = false;  // the stack does tasks meanwhile: neither looked at only, nor attacked
};

// The criteria that must fail, and a sample of the others: all that one load run decides, or one
// audit, where one of them is concerned; for a defect of failover one other criterion, in turn.
// `team`: the one that cases of a single team are tried on.
SuitePlan PlanSuites(const Sabotage& sabotage, const std::string& team);

}  // namespace proving_ground
