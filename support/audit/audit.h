// The configuration audit: all rules over one input, with waivers applied and places found.
//
//   const AuditResult result = Audit(input);
//   for (const Finding& finding : result.findings) ...
//   result.Verdict()   // kFailed: a finding fails the run
//
// It only reads: nothing is asked of the engine here, and nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "support/audit/audit_input.h"
#include "support/audit/finding.h"
#include "support/audit/rules/rule.h"
#include "support/audit/waivers.h"

namespace proving_ground::audit {

enum class AuditVerdict { kPassed, kFailed, kInconclusive };

struct AuditResult {
  std::vector<Finding> findings;  // the most severe first
  std::vector<WaivedFinding> waived;
  std::vector<Unevaluated> unevaluated;

  // Failed by any finding that fails; else inconclusive when something could not be evaluated.
  AuditVerdict Verdict() const;
};

// True for critical, high and medium: what is left after waivers were applied.
bool FailsRun(const Finding& finding);

// All rules that can report: those of the table, and those about waivers.
const std::vector<Rule>& AllAuditRules();
// The area of a rule's findings; kIsolation for a rule that is none of them.
Area AreaOf(std::string_view rule);

// Throws ContractError for a model that is no mapping with services, and for malformed waivers.
AuditResult Audit(const AuditInput& input);
// The same with waivers that were applied to other findings before: they count as used.
AuditResult Audit(const AuditInput& input, WaiverBook& waivers);

// Fills in file and line of places that have none: those of the field, else of the service.
void FindPlaces(const std::vector<ComposeText>& files, std::vector<Finding>& findings);

}  // namespace proving_ground::audit
