// One blocking HTTP request, for unit tests of servers.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace platform::testing {

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
  std::string retry_after;  // the header of that name
};

// Sends a request to 127.0.0.1:`port` over a connection of its own and waits for the answer. Throws
// boost::system::system_error if there is none within 10 s.
HttpAnswer CallHttp(std::uint16_t port, const std::string& method, const std::string& target,
                    const std::string& body = "");

}  // namespace platform::testing
