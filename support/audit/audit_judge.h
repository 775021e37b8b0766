// Verdicts on the criteria of the audit: which findings belong to which criterion and service.
//
// Every finding belongs to exactly one verdict. Those about one service go by their area to the
// criterion of that area; S-18 has the rest, so that nothing that was found is judged nowhere.
#pragma once

#include <string>
#include <string_view>

#include "support/audit/audit_record.h"
#include "support/report/verdict.h"

namespace proving_ground::audit {

// The criterion that a rule's findings at a service are judged by: "S-1", ….
std::string_view CriterionOf(std::string_view rule);

// The verdict of a criterion of the areas (S-1, S-4, S-5, S-6, S-9, S-10) on one service. Its team
// is the service. A finding that is not waived fails it from medium on; else what could not be
// evaluated leaves it inconclusive. Throws UsageError for a service that was not audited.
Verdict JudgeService(const AuditRecord& record, std::string_view criterion,
                     const std::string& service);

// The verdict of S-18 on the whole stack.
Verdict JudgeRest(const AuditRecord& record);

}  // namespace proving_ground::audit
