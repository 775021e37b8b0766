#include "compose/services/worker/mcp_client.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/log.h"
#include "compose/services/common/secret_file.h"
#include "compose/services/worker/mcp_message.h"

namespace platform {

namespace asio = boost::asio;

namespace {

// What HTTP itself says about trying again, before the body is looked at.
bool IsTransient(unsigned status) { return status == 408 || status == 429 || status >= 500; }

std::chrono::milliseconds RetryAfter(const HttpResult& answer) {
  constexpr int kLongestSeconds = 30;
  const auto text = answer.Header("Retry-After");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 0, kLongestSeconds));
}

// The name travels in a header as well; anything but visible ASCII would have to be encoded, and no
// tool has such a name.
bool FitsHeader(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

McpClient::McpClient(asio::any_io_executor executor, Options options)
    : options_(std::move(options)), client_(std::move(executor), options_.server) {
  ReadToken();
}

void McpClient::ReadToken() { token_ = ReadSecretFile(options_.token_file); }

void McpClient::ReadTokenAgain() {
  try {
    ReadToken();
    Log(Level::kInfo, "token_read_again");
  } catch (const ConfigurationError& error) {  // It may be being replaced right now.
    throw GatewayUnavailable(error.what());
  }
}

asio::awaitable<HttpResult> McpClient::Post(std::string tool, std::string body) {
  HttpHeaders headers;
  headers.emplace_back("Authorization", "Bearer " + token_);
  headers.emplace_back("Content-Type", "application/json");
  headers.emplace_back("Accept", "application/json, text/event-stream");
  headers.emplace_back("MCP-Protocol-Version", kMcpRevision);
  headers.emplace_back("Mcp-Method", "tools/call");
  headers.emplace_back("Mcp-Name", std::move(tool));
  try {
    co_return co_await client_.Request("POST", options_.path, std::move(headers), std::move(body),
                                       options_.call_deadline);
  } catch (const HttpUnavailable& error) {
    throw GatewayUnavailable(error.what());
  } catch (const HttpOutcomeUnknown& error) {
    throw GatewayUnavailable(error.what());
  }
}

asio::awaitable<ToolResult> McpClient::Call(std::string tool, nlohmann::json arguments) {
  ToolResult refused;
  if (!FitsHeader(tool)) {
    refused.reason = "not a tool name";
    co_return refused;
  }
  const std::int64_t id = next_id_++;
  const std::string body = MakeToolCall(id, tool, std::move(arguments));
  HttpResult answer = co_await Post(tool, body);
  if (answer.status == 401) {  // The token may have been renewed since it was read.
    ReadTokenAgain();
    answer = co_await Post(tool, body);
  }
  if (answer.status == 401) {
    refused.reason = "the gateway refused the token";
    co_return refused;
  }
  if (IsTransient(answer.status)) {
    throw GatewayUnavailable("the gateway answered " + std::to_string(answer.status),
                             RetryAfter(answer));
  }
  co_return ReadToolAnswer(id, answer);
}

}  // namespace platform
