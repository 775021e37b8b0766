// The criteria of all suites: the one list that cases, report and README are checked against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

struct Criterion {
  std::string_view id;     // "L-1"
  std::string_view suite;  // "load"
  std::string_view claim;  // one sentence, as the comment above its case says it
  bool per_team = false;   // judged once for each team of the run
};

// In the order of the README's table.
const std::vector<Criterion>& Criteria();

// nullptr when no criterion has that id.
const Criterion* FindCriterion(std::string_view id);

}  // namespace proving_ground
