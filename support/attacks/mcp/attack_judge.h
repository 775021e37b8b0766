// From what attacks on the gateway came to, to verdicts: pure functions.
//
// Without a control that succeeded a refusal says nothing: the verdict is inconclusive then.
#pragma once

#include <string>

#include "support/attacks/mcp/attempt.h"
#include "support/attacks/mcp/cross_team.h"
#include "support/attacks/mcp/flood.h"
#include "support/attacks/mcp/hostile_input.h"
#include "support/report/verdict.h"

namespace proving_ground {

// How far neighbours may be slowed down (x-acceptance.security.max_flood_p99_ratio and
// flood_p99_floor).
struct NeighbourLimits {
  double max_p99_ratio = 3.0;
  std::chrono::milliseconds p99_floor{250};
};

struct HostileLimits {
  NeighbourLimits neighbours;
  // Bytes that a refused request may leave behind (x-acceptance.security.max_growth_per_refusal).
  std::int64_t max_growth_per_refusal = 256;
};

// Every attempt was refused and none took effect; every control was served, with effect.
Verdict JudgeRefusals(const std::string& criterion, const AttackRecord& record);
Verdict JudgeCrossTeam(const std::string& criterion, const CrossTeamRecord& record);
Verdict JudgeHostileInput(const std::string& criterion, const HostileRecord& record,
                          const HostileLimits& limits);
Verdict JudgeFlood(const std::string& criterion, const FloodRecord& record,
                   const NeighbourLimits& limits);

}  // namespace proving_ground
