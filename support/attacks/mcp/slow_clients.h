// Clients that send a byte now and then and never finish their request.
#pragma once

#include <memory>

#include "support/attacks/mcp/mcp_sender.h"

namespace proving_ground {

class SlowClients {
 public:
  // Connects all of them and begins. A third each trickles its headers, trickles its body, and
  // falls silent in the middle. Throws EnvironmentError when nobody accepts connections.
  SlowClients(const McpSender& sender, int count);
  ~SlowClients();

  // Stops, and tells how many the gateway hung up on.
  int Finish();

 private:
  class Trickle;
  std::unique_ptr<Trickle> trickle_;
};

}  // namespace proving_ground
