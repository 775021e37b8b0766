// Stacks made deliberately weak.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "support/audit/audit_input.h"

namespace proving_ground::audit {

struct WeakStack {
  AuditInput input;
  std::set<std::string> violated;  // rules that it was weakened for
};

// As few stacks as it takes to violate every rule that has a case in rule_cases.h: weaknesses add
// up in one stack until one excludes another (a service on the host's network has none of its own).
std::vector<WeakStack> WeakStacks();

}  // namespace proving_ground::audit
