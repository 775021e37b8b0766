// The reaper: a process of its own that mends the stack when the harness dies, even by SIGKILL.
//
// It waits at the end of a pipe whose other end only the harness has. When the pipe closes without
// a farewell it opens the journal, takes back what is open and writes to ReaperLogPath what it did.
// Variables of the compose files come from the environment of the harness, which it inherits.
#pragma once

#include "support/faults/fault.h"
#include "support/faults/journal.h"
#include "support/faults/leftovers.h"

namespace proving_ground {

// Makes sure that a reaper watches over this process and that journal; starts it the first time,
// and again should it have died. At the end of the process it is told farewell, unless a fault is
// still open. Throws EnvironmentError.
void EnsureReaper(const FaultContext& context, const Journal& journal);

}  // namespace proving_ground
