// Does something answer at an address? Asked by TCP connections, in bounded time.
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/poll.h"

namespace proving_ground {

struct SocketAddress {
  in_addr host = {};  // network byte order
  int port = 0;
};

// "172.18.0.3". Throws UsageError.
in_addr ParseHost(const std::string& text);
// "172.18.0.3:6379". Throws UsageError.
SocketAddress ParseSocketAddress(const std::string& text);

// Tries all of them at once, and waits for answers no longer than `patience`. For each: how long
// the answer took, nullopt when there was none. A refusal is an answer too: whoever refuses is
// reached.
std::vector<std::optional<Clock::duration>> Reach(const std::vector<SocketAddress>& addresses,
                                                  Clock::duration patience);

}  // namespace proving_ground
