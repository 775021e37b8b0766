// Judges a sweep for secrets.
#pragma once

#include <map>
#include <string>

#include "support/audit/sweep/sweep.h"
#include "support/report/verdict.h"

namespace proving_ground {

// Secrets planted where the same search must find them: without that, finding nothing says nothing.
struct SweepControl {
  int planted = 0;
  int found = 0;
};

// Plants each of the run's own secrets, as it is and encoded, and a password in every kind of text.
SweepControl TryControl(const Sweep& sweep, const std::vector<KnownSecret>& known);

// What of the stack had to be looked at, and was: "containers", "images", …
struct Coverage {
  int expected = 0;
  int looked_at = 0;
};

// Failed: a finding of medium severity or above. Inconclusive: something could not be looked at, or
// the control failed. Findings of less severity are told.
Verdict SecretsVerdict(const std::string& criterion, const SweepResult& result,
                       const SweepControl& control,
                       const std::map<std::string, Coverage>& coverage);

}  // namespace proving_ground
