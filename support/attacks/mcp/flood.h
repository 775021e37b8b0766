// S-17: one team asks as much as it can, and the others are watched.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/attacks/mcp/neighbours.h"

namespace proving_ground {

struct FloodRecord {
  std::string flooder;
  std::int64_t served = 0;   // of the flood's requests
  std::int64_t limited = 0;  // refused with 429 or 503
  std::int64_t other = 0;    // neither: closed, no answer
  std::chrono::milliseconds lasted{0};
  std::vector<NeighbourFigures> others;

  std::int64_t Sent() const { return served + limited + other; }
  std::int64_t Answered() const { return served + limited; }
};

// Watches `others` for a while, then floods for `duration` over several connections at once.
FloodRecord Flood(const std::string& team, const McpSender& flooder,
                  const std::map<std::string, McpSender>& others,
                  std::chrono::milliseconds duration);

nlohmann::json ToJson(const FloodRecord& record);

}  // namespace proving_ground
