// The verdict of a whole run, drawn from its folder.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/base/errors.h"
#include "support/report/run_folder.h"

namespace proving_ground {

// What the run was meant to judge.
struct Plan {
  std::vector<std::string> suites;
  std::vector<std::string> teams;
  std::vector<std::string> services;
};

struct Summary {
  std::vector<Verdict> verdicts;     // in the order of the criteria, those of a team together
  std::vector<std::string> not_run;  // criteria of the plan without a verdict: "L-2 sales"
  std::vector<RunFolder::HarnessError> errors;
  std::string residue;  // what could not be removed; a warning, no part of the verdict
  ExitCode exit_code = ExitCode::kInternal;
};

// Every criterion of the planned suites (and teams) must have a verdict; one that has none counts
// as inconclusive, whatever the others say. A missed criterion outweighs everything but a harness
// that could not work. A skipped criterion leaves the verdict to the others. `strict` turns both
// inconclusive and skipped into failed. Throws EnvironmentError when the folder is damaged.
Summary Summarize(const RunFolder& folder, const Plan& plan, bool strict);

nlohmann::json ToJson(const Summary& summary);

// The table that ends a run. `colour` marks the outcomes with ANSI colours.
std::string RenderTable(const Summary& summary, bool colour);

}  // namespace proving_ground
