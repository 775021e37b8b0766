#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "compose/services/common/http_client.h"
#include "compose/services/worker/tool_caller.h"

namespace platform {

// Calls tools of an MCP server over Streamable HTTP, in the stateless manner of the protocol
// revision 2026-07-28: every request stands for itself, so a gateway that was restarted or replaced
// needs no new handshake.
class McpClient : public ToolCaller {
 public:
  struct Options {
    HttpClient::Options server;
    std::string path = "/mcp";
    std::filesystem::path token_file;  // The bearer token; read again when it is refused.
    std::chrono::milliseconds call_deadline{3'000};  // The gateway's own for its storage is 1 s.
  };

  // Reads the token. Throws ConfigurationError if it cannot.
  McpClient(boost::asio::any_io_executor executor, Options options);

  // A call that the server answered with a JSON-RPC error, isError or a client error of HTTP has
  // failed; silence, 408, 429 and server errors are GatewayUnavailable.
  boost::asio::awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) override;
  void Abort() override { client_.Abort(); }

 private:
  boost::asio::awaitable<HttpResult> Post(std::string tool, std::string body);
  void ReadToken();
  void ReadTokenAgain();

  Options options_;
  HttpClient client_;
  std::string token_;
  std::int64_t next_id_ = 1;
};

}  // namespace platform
