// Judges a sweep for secrets.
#pragma once

#include <string>
#include <vector>

#include "support/audit/sweep/secrets_record.h"
#include "support/report/verdict.h"

namespace proving_ground {

// Plants each of the run's own secrets, as it is and encoded, and a password in every kind of text.
SweepControl TryControl(const Sweep& sweep, const std::vector<KnownSecret>& known);

// The verdict on one service of the record, or with an empty name on everything that belongs to
// none of them; each finding belongs to exactly one. Failed: a finding of medium severity or above
// that is not waived. Inconclusive: something could not be looked at, or the control failed. Other
// findings are told. Throws UsageError for a service that was not searched.
Verdict JudgeSecrets(const SecretsRecord& record, const std::string& criterion,
                     const std::string& service);

}  // namespace proving_ground
