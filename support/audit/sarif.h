// An audit's result as SARIF 2.1.0, the exchange format code hosts and editors show findings with.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "support/audit/audit.h"

namespace proving_ground::audit {

// One run with all rules, a result per finding (waived ones suppressed, with the waiver's reason)
// and a notification per rule that could not be evaluated. Holds no secrets.
nlohmann::json SarifReport(const AuditResult& result);

}  // namespace proving_ground::audit
