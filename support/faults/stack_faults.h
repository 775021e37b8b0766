// Faults of several services, or of the whole stack.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "support/faults/fault.h"

namespace proving_ground {

// The whole stack is taken down, each service with this grace period, and its volumes are kept; it
// comes up again, with as many containers of each service, when it is healed. Ports are published
// at other numbers then. What else is on its networks, such as a probe, is cut off for good.
Fault StackDownUp(const FaultContext& context,
                  std::chrono::seconds grace = std::chrono::seconds(10));

// Whether a container that was restarted at `since` does its work again; says what it saw.
using ReadyGate =
    std::function<bool(const TargetContainer& target, Clock::time_point since, std::string& seen)>;

// Restarts one container after the other, each with the grace period of the compose file, the next
// one when the gate says that the one before is ready. Returns from inject when the last one is
// started again. One that is not ready within `patience` ends the roll: Inject throws Inconclusive.
Fault RollingRestart(const FaultContext& context, const std::vector<TargetContainer>& targets,
                     const ReadyGate& gate,
                     std::chrono::seconds patience = std::chrono::seconds(60));

}  // namespace proving_ground
