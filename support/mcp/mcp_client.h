// A client of the stack's MCP gateway (Model Context Protocol, revision 2026-07-28, stateless), as
// a team's own agent would use it.
//
//   McpClient marketing({.url = "http://127.0.0.1:49155/mcp", .token_file =
//   "secrets/token-marketing"}); marketing.CallTool("text_digest", {{"text", "x"}}).text
//
// One connection is kept and reused. Not thread-safe: one client per thread.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/base/errors.h"
#include "support/mcp/http_client.h"

namespace proving_ground {

// The gateway answered, but refused: an HTTP status other than 200 or a JSON-RPC error.
class McpRefused : public EnvironmentError {
 public:
  McpRefused(const std::string& asked, int status, int code, const std::string& message);
  int status() const { return status_; }  // HTTP
  int code() const { return code_; }      // JSON-RPC; 0 when there was none

 private:
  int status_;
  int code_;
};

struct ToolResult {
  std::string text;  // of the first text content; empty when there is none
  bool is_error = false;
};

class McpClient {
 public:
  struct Options {
    std::string url;         // "http://127.0.0.1:49155/mcp"
    std::string token_file;  // bearer token, read when the client is made; empty: no token
    std::chrono::milliseconds answer_within{5'000};
  };

  // Throws EnvironmentError when the token file cannot be read.
  explicit McpClient(Options options);

  // Throws HttpUnavailable and McpRefused. An `isError` result is a result, not an exception.
  ToolResult CallTool(const std::string& name, const nlohmann::json& arguments);
  // Names of all tools the token sees, in the gateway's order.
  std::vector<std::string> ListTools();

  // Any request to the gateway, sent as it stands: no header is added, not even the token. For
  // clients that misbehave on purpose.
  HttpResult Raw(const HttpRequest& request) { return http_.Send(request); }
  // The request CallTool would send, to be bent out of shape and sent with Raw.
  HttpRequest ToolRequest(const std::string& name, const nlohmann::json& arguments);
  const std::string& token() const { return token_; }

 private:
  HttpRequest Request(const std::string& method, const std::string& name, nlohmann::json params);
  nlohmann::json Ask(const std::string& what, const HttpRequest& request);

  Options options_;
  std::string token_;
  HttpClient http_;
  int next_id_ = 0;
};

}  // namespace proving_ground
