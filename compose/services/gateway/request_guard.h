// What is decided about a request from its HTTP header alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/common/http_message.h"

namespace platform {

// Protects against DNS rebinding (MCP Streamable HTTP, "Security"): a web page that made its own
// name resolve to this server still sends its own name as Host and Origin.
class RequestGuard {
 public:
  virtual ~RequestGuard() = default;

  // Whether Host and, if present, Origin are among those this server is known by.
  virtual bool Admits(const HttpRequest& request) const = 0;
};

// Admits exactly the given hosts ("gateway", "127.0.0.1", "[::1]") and origins
// ("http://localhost"), byte for byte, on any port. An entry that itself ends in a port admits that
// port only.
class AllowListGuard : public RequestGuard {
 public:
  AllowListGuard(std::vector<std::string> hosts, std::vector<std::string> origins)
      : hosts_(std::move(hosts)), origins_(std::move(origins)) {}

  bool Admits(const HttpRequest& request) const override;

 private:
  const std::vector<std::string> hosts_;
  const std::vector<std::string> origins_;
};

// The bearer token of a request (RFC 6750 section 2.1): from exactly one Authorization header,
// never from anywhere else.
std::optional<std::string_view> BearerToken(const HttpRequest& request);

// Whether the body is declared as plain application/json, not compressed.
bool DeclaresJson(const HttpRequest& request);

// Whether the client accepts both application/json and text/event-stream, as MCP requires; "*/*"
// will do.
bool AcceptsMcp(const HttpRequest& request);

}  // namespace platform
