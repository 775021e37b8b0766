#include "compose/services/worker/mcp_message.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "compose/services/worker/bounded_json.h"

namespace platform {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestReason =
    300;  // Bytes; a reason travels in the task's result and into logs.

ToolResult Failed(std::string reason) {
  if (reason.size() > kLongestReason) reason.resize(kLongestReason);
  return {.succeeded = false, .text = {}, .reason = std::move(reason)};
}

std::optional<json> ParseMessage(std::string_view text, std::int64_t id) {
  try {
    json message = ParseBoundedJson(text);
    // An error about a request that could not be read carries no id.
    const bool ours =
        message.is_object() && message.contains("id") &&
        (message["id"] == id || (message["id"].is_null() && message.contains("error")));
    if (ours) return message;
  } catch (const std::runtime_error&) {
  }
  return std::nullopt;
}

// Finds our answer among the events of a stream: each has its data on one or more "data:" lines and
// ends at an empty line.
std::optional<json> FindInEventStream(std::string_view stream, std::int64_t id) {
  std::string data;
  while (!stream.empty()) {
    const auto end = stream.find('\n');
    std::string_view line = stream.substr(0, end);
    stream.remove_prefix(end == std::string_view::npos ? stream.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("data:")) {
      line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
      data.append(line) += '\n';
    } else if (line.empty()) {
      if (auto message = ParseMessage(data, id)) return message;
      data.clear();
    }
  }
  return ParseMessage(data, id);
}

std::string FirstText(const json& result) {
  const auto content = result.find("content");
  if (content == result.end() || !content->is_array()) return {};
  for (const json& part : *content) {
    if (part.is_object() && part.value("type", "") == "text") return part.value("text", "");
  }
  return {};
}

ToolResult ReadMessage(const json& message) {
  if (const auto error = message.find("error"); error != message.end()) {
    const std::string text = error->value("message", "");
    return Failed("the gateway refused the call: " + std::to_string(error->value("code", 0)) + " " +
                  text);
  }
  const json& result = message.at("result");
  if (result.value("isError", false)) return Failed("the tool failed: " + FirstText(result));
  if (result.value("resultType", "complete") != "complete")
    return Failed("the tool asks for input");
  return {.succeeded = true, .text = FirstText(result), .reason = {}};
}

}  // namespace

std::string MakeToolCall(std::int64_t id, const std::string& tool, json arguments) {
  json meta;
  meta["io.modelcontextprotocol/protocolVersion"] = kMcpRevision;
  meta["io.modelcontextprotocol/clientCapabilities"] = json::object();
  meta["io.modelcontextprotocol/clientInfo"] = {{"name", "worker"}, {"version", "0.1.0"}};
  json request;
  request["jsonrpc"] = "2.0";
  request["id"] = id;
  request["method"] = "tools/call";
  request["params"] = {
      {"name", tool}, {"arguments", std::move(arguments)}, {"_meta", std::move(meta)}};
  return request.dump();
}

ToolResult ReadToolAnswer(std::int64_t id, const HttpResult& answer) {
  const bool is_stream = answer.Header("Content-Type").starts_with("text/event-stream");
  const auto message =
      is_stream ? FindInEventStream(answer.body, id) : ParseMessage(answer.body, id);
  if (!message) {
    return Failed("the gateway answered " + std::to_string(answer.status) +
                  " without a readable answer");
  }
  try {
    return ReadMessage(*message);
  } catch (const json::exception&) {  // A field of another type than the protocol's.
    return Failed("the gateway's answer is malformed");
  }
}

}  // namespace platform
