#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platform {

// Where a service of the stack is reached, for example http://gateway:8080/mcp.
struct HttpUrl {
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";

  bool operator==(const HttpUrl&) const = default;
};

// Throws ConfigurationError. Only plain http: TLS inside the stack's internal networks is not
// spoken.
HttpUrl ParseHttpUrl(std::string_view text);

}  // namespace platform
