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
#include "support/attacks/mcp/store_search.h"

namespace proving_ground {

// The gateway's process as its engine sees it.
struct GatewayState {
  std::string life;               // another text after each start
  std::int64_t memory = 0;        // bytes in use; 0: not known
  std::int64_t memory_limit = 0;  // bytes; 0: none
};

struct HostileSetup {
  std::string attacker;
  std::map<std::string, McpSender> teams;  // all, the attacker too
  std::string own_keys = "team:{team}:";   // how a team's keys begin in the store
  StoreSearch* store = nullptr;            // not owned
  // May be called from a thread of its own; nullopt: not to be had at the moment.
  std::function<std::optional<GatewayState>()> state;
  std::chrono::milliseconds patience{2'000};  // for slow clients, beyond the other attacks
};

struct HostileRecord {
  AttackRecord unbounded;            // must be refused
  AttackRecord injected;             // may be served, within the team's own part of the store
  std::vector<std::string> outside;  // where in the store it stands and must not
  std::int64_t slow = 0;             // clients that never finish
  std::int64_t slow_ended = 0;       // of those the gateway hung up on meanwhile
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
