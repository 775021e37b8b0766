// S-13: names that try to leave the team's part of the store, requests without bounds, and clients
// that never finish, while the gateway's memory and the other teams are watched.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/attacks/mcp/attempt.h"
#include "support/attacks/mcp/neighbours.h"
#include "support/attacks/mcp/refusal_growth.h"
#include "support/attacks/mcp/store_search.h"

namespace proving_ground {

struct HostileSetup {
  std::string attacker;
  std::map<std::string, McpSender> teams;  // all, the attacker too
  std::string own_keys = "team:{team}:";   // how a team's keys begin in the store
  StoreSearch* store = nullptr;            // not owned
  // May be called from a thread of its own; nullopt: not to be had at the moment.
  std::function<std::optional<GatewayState>()> state;
  // By then the gateway has hung up on whoever does not finish a request.
  std::chrono::milliseconds max_slow_request{30'000};
};

struct HostileRecord {
  AttackRecord unbounded;            // must be refused
  AttackRecord injected;             // may be served, within the team's own part of the store
  std::vector<std::string> outside;  // where in the store it stands and must not
  // Keys that were asked of the store by a hostile name, and that the store itself refused.
  std::vector<std::string> fenced;
  std::int64_t slow = 0;        // clients that never finish
  std::int64_t slow_ended = 0;  // of those the gateway hung up on in time
  std::chrono::milliseconds max_slow_request{0};
  RefusalGrowth refusals;
  std::vector<NeighbourFigures> others;
  std::int64_t memory_before = 0;  // bytes
  std::int64_t memory_peak = 0;
  std::int64_t memory_limit = 0;
  std::int64_t memory_samples = 0;
  bool restarted = false;
  std::optional<std::string> unfit;
};

// Throws EnvironmentError. What it wrote is removed from the store again.
HostileRecord AttackWithHostileInput(const HostileSetup& setup);

nlohmann::json ToJson(const HostileRecord& record);

}  // namespace proving_ground
