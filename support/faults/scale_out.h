// More instances of a service than the compose file asks for.
#pragma once

#include <string>

#include "support/faults/fault.h"

namespace proving_ground {

// Compose starts containers until the service has `instances` of them, and removes the later ones
// when it is healed. No trouble by itself, but it is taken back like any: what comes with it may
// be.
Fault ScaleOut(const FaultContext& context, const std::string& service, int instances);

}  // namespace proving_ground
