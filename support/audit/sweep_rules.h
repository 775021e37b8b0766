// Rules of the search for secrets (support/audit/sweep), which has no table of checks: for lists of
// rules and for waivers.
#pragma once

#include <string_view>
#include <vector>

#include "support/audit/rules/rule.h"

namespace proving_ground::audit {

// Those that the configuration rules do not have, too.
const std::vector<Rule>& SweepRules();

// A rule that anything in the security suite reports by, whichever list it stands in; null when
// there is none of that id.
const Rule* FindReportedRule(std::string_view id);

}  // namespace proving_ground::audit
