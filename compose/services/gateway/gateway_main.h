#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compose/services/common/http_server.h"
#include "compose/services/gateway/audit.h"
#include "compose/services/gateway/gateway.h"
#include "compose/services/gateway/jwt_verifier.h"
#include "compose/services/gateway/policy.h"
#include "compose/services/gateway/redis_stores.h"
#include "compose/services/gateway/request_guard.h"
#include "compose/services/gateway/token_verifier.h"
#include "compose/services/gateway/tool_table.h"

namespace platform {

// Makes the parts of a gateway. The defaults are the production gateway; another build may derive
// from it and make one part differently.
class GatewayFactory {
 public:
  virtual ~GatewayFactory() = default;

  virtual ToolTable MakeTools() const;
  virtual std::unique_ptr<Policy> MakePolicy(const std::filesystem::path& path,
                                             const ToolTable& tools) const;
  virtual std::unique_ptr<TokenVerifier> MakeVerifier(JwtVerifier::Options options) const;
  virtual std::unique_ptr<RequestGuard> MakeGuard(std::vector<std::string> hosts,
                                                  std::vector<std::string> origins) const;
  virtual std::unique_ptr<Audit> MakeAudit(GatewayMetrics& metrics) const;
  // Where teams' data is kept, and with which accounts; what clients may spend: both as the command
  // line has them.
  virtual RedisStores::Options MakeStores(RedisStores::Options options) const;
  virtual HttpServer::Options MakeServer(HttpServer::Options options) const;
  // What answers requests. The gateway outlives it.
  virtual HttpHandler MakeHandler(Gateway& gateway) const;
};

// The whole of main(): reads the command line, serves until SIGTERM or SIGINT, drains. Returns the
// exit code.
int RunGateway(int argc, const char* const* argv, const GatewayFactory& factory);

}  // namespace platform
