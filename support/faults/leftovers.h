// Faults that a harness left behind when it was killed.
#pragma once

#include <string>
#include <vector>

#include "support/faults/fault.h"
#include "support/faults/journal.h"

namespace proving_ground {

// Takes back what the journal holds open, the youngest first, and removes the helper containers
// that serve the stack: whoever holds the journal is the only one who may have any. Returns what
// was done, as sentences. Everything is tried; then throws EnvironmentError that names what failed
// and stays in the journal.
std::vector<std::string> HealLeftovers(const FaultContext& context, Journal& journal);

}  // namespace proving_ground
