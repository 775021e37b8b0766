// Is there a way out of the stack's networks? From a survey to a verdict.
#pragma once

#include <string>
#include <vector>

#include "support/attacks/stack_survey.h"
#include "support/report/verdict.h"

namespace proving_ground {

// Whether two addresses of one family are on the same network of `prefix` bits; false for what is
// none.
bool IsOnSameNetwork(const std::string& one, const std::string& other, int prefix);

// Passed when no container reaches the bystander outside the stack's networks, or gets any answer
// from an address of nobody; and when over an internal network none reaches the host, at whatever
// address, nor a port published there. The controls are the same connections from outside: from the
// host to the bystander, from the bystander to the host; and the name server tells each container a
// name of the stack. Inconclusive when these fail.
//
// Containers on a network that is not internal reach the host's own listeners over it: that network
// exists to be reached from there. They are counted, and not judged.
Verdict JudgeEgress(const std::string& criterion, const std::vector<Member>& members,
                    const StackSurvey& survey);

}  // namespace proving_ground
