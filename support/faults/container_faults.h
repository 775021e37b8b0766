// Faults of single containers.
//
// All take containers that run at present, and throw EnvironmentError otherwise.
#pragma once

#include <functional>
#include <vector>

#include "support/faults/fault.h"

namespace proving_ground {

// Whether the target answers, as one of its clients sees it. Returns within a second or so.
using Canary = std::function<bool()>;

// The engine restarts it: the stop signal, SIGKILL after the grace period of the compose file,
// start. Returns from inject when it is started again.
Fault Restart(const FaultContext& context, const TargetContainer& target);

// Its process dies of SIGSEGV as by a bug, from inside, so that the restart policy stays armed: the
// stack must bring it back by itself. It dies at once: handlers of its own do not run, for one that
// hangs (as Redis's does now and then) would leave a process that has not crashed. Unavailable when
// it has no restart policy.
Fault Crash(const FaultContext& context, const TargetContainer& target);

// SIGKILL through the engine, which disarms the restart policy: it stays down until it is healed.
Fault Kill(const FaultContext& context, const TargetContainer& target);
// The same for several at once.
Fault KillSome(const FaultContext& context, const std::vector<TargetContainer>& targets);

// Stopped in good order, with the grace period of the compose file, until it is healed.
Fault Stop(const FaultContext& context, const TargetContainer& target);

// All its processes are frozen until it is healed. Taken for effective when the engine says so and,
// where one is given, the canary does not answer.
Fault Freeze(const FaultContext& context, const TargetContainer& target, Canary canary = {});

// Removed at once and made anew by Compose, with another address: a helper takes the old one
// meanwhile. Its anonymous volumes are lost. Unavailable when the new container would get another
// number: of several, only the last one can be recreated.
Fault Recreate(const FaultContext& context, const TargetContainer& target);

}  // namespace proving_ground
