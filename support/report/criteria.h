// The criteria of all suites: the one list that cases, report and README are checked against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

// What a criterion is judged for.
enum class Scope {
  kStack,        // the whole stack, once
  kEachTeam,     // each team of the run
  kEachService,  // each service of the run that has a role; the verdict's team is the service
  kEachServiceAndStack,  // the same, and once what belongs to no service
  kOneTeam,              // at least one team of the run: it takes long, and teams are alike
};

struct Criterion {
  std::string_view id;     // "L-1"
  std::string_view suite;  // "load"
  std::string_view test;   // of GoogleTest, without parameters: "LoadTest.WorkersComplete"
  std::string_view file;   // in the suite's folder: "completion_test.cc"
  std::string_view claim;  // one sentence, as the comment above its case says it
  Scope scope = Scope::kStack;
};

// In the order of the README's table.
const std::vector<Criterion>& Criteria();

// nullptr when no criterion has that id.
const Criterion* FindCriterion(std::string_view id);
// nullptr when no criterion is judged by that case.
const Criterion* CriterionOfTest(std::string_view test);

}  // namespace proving_ground
