// Who may reach whom, and whether it is so: from a survey to a verdict.
//
// What must connect follows from the contract: workers to their team's coordinators and to the
// gateway, coordinators and the gateway to Redis. Networks have no direction: Redis can call back
// whoever may call it, and the gateway meets coordinators at their workers. Connections between a
// shared service and those it serves are therefore tolerated, at the port it serves at, and
// reported. Everything else must not be: no way from team to team, none to Redis but for those
// above, none to a port that the contract does not know.
#pragma once

#include <string>
#include <vector>

#include "support/attacks/stack_survey.h"
#include "support/contract/contract.h"
#include "support/report/verdict.h"

namespace proving_ground {

enum class Passage {
  kRequired,
  kTolerated,
  kForbidden,
  kUnknown,  // one of the two has no role in the contract
};

// What a connection from one container to a port of another is.
Passage PassageBetween(const Contract& contract, const Member& from, const Member& to, int port);

// Passed when the survey equals the policy: everything required connects, by name and address;
// nothing forbidden does; no two teams' containers hear from each other at all; no name leads to a
// network that the asker is not on; over IPv6 as over IPv4. Inconclusive when a container could not
// be surveyed, when a service that must be reached has none, or when nothing must connect. Of teams
// that the run is not about only what reaches into others is judged.
Verdict JudgeReachability(const std::string& criterion, const Contract& contract,
                          const std::vector<Member>& members, const StackSurvey& survey);

// The survey by pairs of services and the port where the second one serves or was found open, for
// the run folder: how many pairs of containers were tried, how many connected, what the policy
// says.
nlohmann::json ReachabilityPairs(const Contract& contract, const std::vector<Member>& members,
                                 const StackSurvey& survey);

}  // namespace proving_ground
