#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/http_server.h"
#include "compose/services/gateway/audit.h"
#include "compose/services/gateway/limiter.h"
#include "compose/services/gateway/mcp_service.h"
#include "compose/services/gateway/metrics.h"
#include "compose/services/gateway/redis_stores.h"
#include "compose/services/gateway/request_guard.h"
#include "compose/services/gateway/token_verifier.h"

namespace platform {

// The HTTP side of the gateway: POST /mcp for identified callers, and GET /healthz, /readyz and
// /metrics for whoever runs it. The order of the checks is host and origin (403), token (401),
// limits (429), path (404), method (405), media types (415, 406), message (400), so that whoever is
// not identified learns nothing, and a flood is cheap.
class Gateway {
 public:
  // What a gateway is made of; all outlive it.
  struct Parts {
    const RequestGuard& guard;
    TokenVerifier& verifier;
    TeamStores& stores;
    std::map<std::string, TeamLimiter, std::less<>>& limiters;  // one per team of the policy
    const McpService& service;
    Audit& audit;
    GatewayMetrics& metrics;
  };

  explicit Gateway(const Parts& parts) : parts_(parts) {}

  asio::awaitable<HttpResponse> Handle(const HttpRequest& request);

 private:
  HttpResponse Ready() const;
  HttpResponse Unauthorized(const HttpRequest& request) const;
  std::optional<HttpResponse> RefuseHeader(const HttpRequest& request) const;
  asio::awaitable<HttpResponse> Serve(const Caller& caller, TeamLimiter& limiter, TeamStore& store,
                                      const HttpRequest& request);

  const Parts parts_;
};

}  // namespace platform
