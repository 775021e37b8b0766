// S-12: requests with a rightful token that are wrong below or above HTTP.
#pragma once

#include "support/attacks/mcp/attempt.h"

namespace proving_ground {

// What the stack was asked to note is removed again. Throws EnvironmentError.
AttackRecord AttackTransport(const McpSender& team);

}  // namespace proving_ground
