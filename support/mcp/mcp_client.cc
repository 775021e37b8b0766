#include "support/mcp/mcp_client.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "support/base/files.h"

namespace proving_ground {
namespace {

constexpr auto kRevision = "2026-07-28";
constexpr int kMostPages = 1'000;

std::string ReadToken(const std::string& file) {
  if (file.empty()) return {};
  std::string token = ReadFile(file);
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  return token;
}

// The JSON-RPC response in an answer: the body, or the event of a stream that carries `id`.
nlohmann::json FindResponse(const HttpResult& result, int id) {
  const std::string type = result.Header("content-type").value_or("");
  if (!type.starts_with("text/event-stream")) {
    return nlohmann::json::parse(result.body, nullptr, false);
  }
  std::istringstream lines(result.body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data:")) continue;
    auto message = nlohmann::json::parse(line.substr(5), nullptr, false);
    if (message.is_object() && message.value("id", nlohmann::json()) == id) return message;
  }
  return nlohmann::json(nlohmann::json::value_t::discarded);
}

}  // namespace

McpRefused::McpRefused(const std::string& asked, int status, int code, const std::string& message)
    : EnvironmentError("the gateway refused " + asked + " with HTTP status " +
                           std::to_string(status) +
                           (code == 0 ? "" : ", JSON-RPC error " + std::to_string(code)) +
                           (message.empty() ? "" : ": " + message),
                       "check the team's token and the gateway's policy"),
      status_(status),
      code_(code) {}

McpClient::McpClient(Options options)
    : options_(std::move(options)), token_(ReadToken(options_.token_file)) {}

HttpRequest McpClient::Request(const std::string& method, const std::string& name,
                               nlohmann::json params) {
  params["_meta"] = {
      {"io.modelcontextprotocol/protocolVersion", kRevision},
      {"io.modelcontextprotocol/clientCapabilities", nlohmann::json::object()},
      {"io.modelcontextprotocol/clientInfo", {{"name", "proving-ground"}, {"version", "0.1.0"}}}};
  HttpRequest request;
  request.method = "POST";
  request.url = options_.url;
  request.answer_within = options_.answer_within;
  request.headers = {{"Content-Type", "application/json"},
                     {"Accept", "application/json, text/event-stream"},
                     {"MCP-Protocol-Version", kRevision},
                     {"Mcp-Method", method}};
  if (!name.empty()) request.headers.emplace_back("Mcp-Name", name);
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  request.body =
      nlohmann::json{
          {"jsonrpc", "2.0"}, {"id", ++next_id_}, {"method", method}, {"params", std::move(params)}}
          .dump();
  return request;
}

HttpRequest McpClient::ToolRequest(const std::string& name, const nlohmann::json& arguments) {
  return Request("tools/call", name, {{"name", name}, {"arguments", arguments}});
}

nlohmann::json McpClient::Ask(const std::string& what, const HttpRequest& request) {
  const HttpResult result = http_.Send(request);
  const nlohmann::json response = FindResponse(result, next_id_);
  if (response.is_object() && response.contains("error")) {
    const auto& error = response["error"];
    throw McpRefused(what, result.status, error.value("code", 0), error.value("message", ""));
  }
  if (result.status != 200 || !response.is_object() || !response.contains("result")) {
    throw McpRefused(what, result.status, 0,
                     result.status == 200 ? "the answer is no JSON-RPC response" : "");
  }
  return response["result"];
}

ToolResult McpClient::CallTool(const std::string& name, const nlohmann::json& arguments) {
  const nlohmann::json result = Ask("tool " + name, ToolRequest(name, arguments));
  ToolResult tool;
  tool.is_error = result.value("isError", false);
  for (const auto& content : result.value("content", nlohmann::json::array())) {
    if (content.value("type", "") != "text") continue;
    tool.text = content.value("text", "");
    break;
  }
  return tool;
}

std::vector<std::string> McpClient::ListTools() {
  std::vector<std::string> names;
  nlohmann::json params = nlohmann::json::object();
  for (int page = 0; page < kMostPages; ++page) {
    const nlohmann::json result = Ask("tools/list", Request("tools/list", "", params));
    for (const auto& tool : result.value("tools", nlohmann::json::array())) {
      names.push_back(tool.value("name", ""));
    }
    if (!result.contains("nextCursor")) return names;
    params["cursor"] = result["nextCursor"];
  }
  throw McpRefused("tools/list", 200, 0, "the list does not end");
}

}  // namespace proving_ground
