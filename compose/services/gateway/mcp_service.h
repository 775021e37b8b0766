#pragma once

#include <map>
#include <string>
#include <string_view>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/http_server.h"
#include "compose/services/gateway/audit.h"
#include "compose/services/gateway/mcp_message.h"
#include "compose/services/gateway/metrics.h"
#include "compose/services/gateway/policy.h"
#include "compose/services/gateway/token_verifier.h"
#include "compose/services/gateway/tool_table.h"

namespace platform {

// Answers MCP messages of callers whose identity is settled. Keeps nothing between messages: no
// sessions, in either era. A tool that the caller's team may not use does not exist for it: it is
// not listed, and calling it is answered in every byte as calling a name that no tool has.
// Thread-safe: it holds only what does not change.
class McpService {
 public:
  McpService(const Policy& policy, const ToolTable& tools, Audit& audit, GatewayMetrics& metrics);

  // `caller.team` is one of the policy's teams. `store` is that team's storage. `request` is what
  // the message was read from.
  asio::awaitable<HttpResponse> Answer(const Caller& caller, TeamStore& store,
                                       const HttpRequest& request, const McpMessage& message) const;

 private:
  struct ToolLists {  // serialized results of tools/list
    std::string legacy;
    std::string modern;
  };

  HttpResponse ListTools(const Caller& caller, const McpMessage& message) const;
  const Tool* AllowedTool(const Caller& caller, const McpMessage& message) const;
  asio::awaitable<HttpResponse> CallTool(const Caller& caller, TeamStore& store,
                                         const HttpRequest& request,
                                         const McpMessage& message) const;
  asio::awaitable<ToolResult> RunTool(const Tool& tool, const ToolCall& call) const;

  const Policy& policy_;
  const ToolTable& tools_;
  Audit& audit_;
  GatewayMetrics& metrics_;
  std::map<std::string, ToolLists, std::less<>> lists_;  // by team
};

}  // namespace platform
