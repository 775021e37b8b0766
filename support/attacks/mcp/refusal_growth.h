// What refused requests leave behind in the gateway's memory.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/attacks/mcp/mcp_sender.h"

namespace proving_ground {

// The gateway's process as its engine sees it.
struct GatewayState {
  std::string life;               // another text after each start
  std::int64_t memory = 0;        // bytes in use; 0: not known
  std::int64_t memory_limit = 0;  // bytes; 0: none
};

struct RefusalGrowth {
  std::int64_t per_round = 0;        // requests that were answered, in the shortest round
  std::vector<std::int64_t> growth;  // of memory over each round, in bytes

  // Of the round in which it grew least, per request; nullopt when it cannot be told. A leak grows
  // in every round; the first one also fills caches, and pages come and go by chance.
  std::optional<double> PerRequest() const;
};

// Asks for what is refused, some thousand times in some rounds, while nothing else should be asked.
// Throws EnvironmentError when nobody accepts connections.
RefusalGrowth MeasureRefusalGrowth(const McpSender& sender,
                                   const std::function<std::optional<GatewayState>()>& state);

}  // namespace proving_ground
