// What other teams get from the gateway while one of them attacks it: each asks at a steady pace,
// on a connection of its own.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/attacks/mcp/mcp_sender.h"
#include "support/base/poll.h"

namespace proving_ground {

// One team's experience before and during an attack.
struct NeighbourFigures {
  std::string team;
  std::int64_t before = 0;  // requests
  std::int64_t during = 0;
  std::int64_t failed = 0;  // of those during: not served, or no answer in time
  std::chrono::microseconds p99_before{0};
  std::chrono::microseconds p99_during{0};
};

class Neighbours {
 public:
  // Begins to ask at once. `teams`: team -> sender with its rightful token.
  explicit Neighbours(const std::map<std::string, McpSender>& teams,
                      std::chrono::milliseconds every = std::chrono::milliseconds(20));
  ~Neighbours();
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

  // What is asked from now on counts as during the attack.
  void AttackBegins();
  // Stops asking. What was asked until now counts as during the attack.
  std::vector<NeighbourFigures> Finish();

 private:
  class Asker;
  std::vector<std::unique_ptr<Asker>> askers_;
  Clock::time_point begun_ = Clock::time_point::max();
};

nlohmann::json ToJson(const std::vector<NeighbourFigures>& others);

}  // namespace proving_ground
