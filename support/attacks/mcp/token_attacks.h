// S-11: every token that is not right, and every way of handing one over that is not right.
#pragma once

#include "support/attacks/mcp/attempt.h"
#include "support/attacks/mcp/token_forge.h"

namespace proving_ground {

// `team`: a sender with the rightful token of the team that `forge` learned from. What the stack
// was asked to note is removed again. Throws EnvironmentError.
AttackRecord AttackTokens(const McpSender& team, const TokenForge& forge,
                          std::chrono::system_clock::time_point now);

}  // namespace proving_ground
