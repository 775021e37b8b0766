// Clients that send a byte now and then and never finish their request.
#pragma once

#include <chrono>
#include <memory>

#include "support/attacks/mcp/mcp_sender.h"

namespace proving_ground {

class SlowClients {
 public:
  // Connects all of them and begins. A third each trickles its headers, trickles its body, and
  // falls silent in the middle. Throws EnvironmentError when nobody accepts connections.
  SlowClients(const McpSender& sender, int count);
  ~SlowClients();

  // Goes on until the gateway has hung up on all of them, or `longest` has passed since they began.
  // Tells how many it hung up on.
  int Finish(std::chrono::milliseconds longest);

 private:
  class Trickle;
  std::unique_ptr<Trickle> trickle_;
};

}  // namespace proving_ground
