// What became of each planned criterion: plan, verdicts and events of a run folder put together.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/report/run_folder.h"
#include "support/report/run_model.h"

namespace proving_ground {

// The facts of run.json.
RunEnvironment ReadEnvironment(const nlohmann::json& facts);

// Results of the criteria of `suites`; of whatever has begun, when there are none. Uses the
// environment's teams and services for what each criterion owes. Verdicts that cannot be read are
// added to `damaged`.
std::vector<CriterionResult> ReadResults(const RunFolder& folder,
                                         const std::vector<nlohmann::json>& events,
                                         const RunEnvironment& environment,
                                         const std::vector<std::string>& suites,
                                         std::vector<std::string>& damaged);

// Steps around the cases, and faults, as events tell them. A fault belongs to the case during which
// its process injected it.
std::vector<HarnessStep> ReadSteps(const std::vector<nlohmann::json>& events);
std::vector<FaultPeriod> ReadFaults(const std::vector<nlohmann::json>& events,
                                    const RunEnvironment& environment);

// The parameter of a case in GoogleTest's name, and the team or service it stands for, are the same
// but for characters that names of cases cannot hold.
std::string CaseParameter(const std::string& subject);

}  // namespace proving_ground
