// A harness on which nobody watches: what it broke stays broken when it dies. See compose/sabotage.
#include "support/faults/reaper.h"

namespace proving_ground {

void EnsureReaper(const FaultContext&, const Journal&) {}

}  // namespace proving_ground
