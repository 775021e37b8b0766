#include "compose/services/gateway/mcp_service.h"

#include "compose/services/common/log.h"
#include "compose/services/gateway/argument_checker.h"
#include "compose/services/gateway/param_headers.h"

namespace platform {
namespace {

using nlohmann::json;

// How long a client may keep what depends only on the policy, which changes with a restart.
constexpr int kCacheMilliseconds = 60'000;

const json& ServerInfo() {
  static const json info = {{"name", "proving-ground-gateway"}, {"version", "0.1.0"}};
  return info;
}

// Completes a result for the era of its request. What depends on the caller is never to be cached
// for others.
json Complete(json result, Era era, bool cacheable) {
  if (era == Era::kLegacy) return result;
  result["resultType"] = "complete";
  result["_meta"] = {{"io.modelcontextprotocol/serverInfo", ServerInfo()}};
  if (cacheable) {
    result["ttlMs"] = kCacheMilliseconds;
    result["cacheScope"] = "private";
  }
  return result;
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

HttpResponse Answered(const json& id, std::string_view serialized_result) {
  HttpResponse response;
  response.body.reserve(serialized_result.size() + 64);
  response.body += R"({"jsonrpc":"2.0","id":)";
  response.body += Dump(id);
  response.body += R"(,"result":)";
  response.body += serialized_result;
  response.body += '}';
  return response;
}

HttpResponse Failed(const json& id, unsigned status, int code, std::string message) {
  return McpError{status, id, code, std::move(message), nullptr}.ToResponse();
}

// Thrown out of a tool whose storage is in trouble that will pass. The status tells clients, and
// what lies between, that they may repeat the request; an `isError` result would make an agent give
// the task up.
struct StorageTrouble {
  unsigned status;
  std::string message;

  HttpResponse ToResponse(const json& id) const {
    HttpResponse response = Failed(id, status, kInternalError, message);
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
};

HttpResponse Initialize(const McpMessage& message) {
  // The one legacy revision served is offered whatever revision was asked for; the client decides.
  return Answered(message.id, Dump({{"protocolVersion", kLegacyVersion},
                                    {"capabilities", {{"tools", json::object()}}},
                                    {"serverInfo", ServerInfo()}}));
}

HttpResponse Discover(const McpMessage& message) {
  const json result = {{"supportedVersions", {kModernVersion, kLegacyVersion}},
                       {"capabilities", {{"tools", json::object()}}},
                       {"serverInfo", ServerInfo()}};
  return Answered(message.id, Dump(Complete(result, Era::kModern, true)));
}

HttpResponse UnknownMethod(const McpMessage& message) {
  return Failed(message.id, message.era == Era::kModern ? 404 : 200, kMethodNotFound,
                "Method not found");
}

HttpResponse ToolAnswer(const McpMessage& message, ToolResult result) {
  json answer = {{"content", std::move(result.content)}, {"isError", result.is_error}};
  return Answered(message.id, Dump(Complete(std::move(answer), message.era, false)));
}

}  // namespace

McpService::McpService(const Policy& policy, const ToolTable& tools, Audit& audit,
                       GatewayMetrics& metrics)
    : policy_(policy), tools_(tools), audit_(audit), metrics_(metrics) {
  for (const std::string& team : policy.teams()) {
    json listed = json::array();
    for (const auto& [name, tool] : tools.tools()) {
      if (!policy.Allows(team, name)) continue;
      listed.push_back(
          {{"name", name}, {"description", tool.description}, {"inputSchema", tool.input_schema}});
    }
    const json result = {{"tools", std::move(listed)}};
    lists_[team] = ToolLists{Dump(result), Dump(Complete(result, Era::kModern, true))};
  }
}

asio::awaitable<HttpResponse> McpService::Answer(const Caller& caller, TeamStore& store,
                                                 const HttpRequest& request,
                                                 const McpMessage& message) const {
  if (message.kind != McpMessage::Kind::kRequest) {
    // Nothing that a notification could ask for is served, and this server asks nothing that could
    // be answered.
    HttpResponse accepted;
    accepted.status = 202;
    co_return accepted;
  }
  if (message.method == "tools/call") co_return co_await CallTool(caller, store, request, message);
  if (message.method == "tools/list") co_return ListTools(caller, message);
  if (message.era == Era::kModern) {
    if (message.method == "server/discover") co_return Discover(message);
  } else {
    if (message.method == "initialize") co_return Initialize(message);
    if (message.method == "ping") co_return Answered(message.id, "{}");
  }
  co_return UnknownMethod(message);
}

HttpResponse McpService::ListTools(const Caller& caller, const McpMessage& message) const {
  if (message.params.contains("cursor")) {  // none is ever given out: all tools fit on one page
    return Failed(message.id, 200, kInvalidParams, "Invalid cursor");
  }
  const ToolLists& lists = lists_.find(caller.team)->second;
  return Answered(message.id, message.era == Era::kModern ? lists.modern : lists.legacy);
}

const Tool* McpService::AllowedTool(const Caller& caller, const McpMessage& message) const {
  const auto& name = message.params["name"].get_ref<const std::string&>();
  const Tool* tool = tools_.Find(name);
  const bool allowed = policy_.Allows(caller.team, name);
  if (tool != nullptr && allowed) return tool;
  audit_.Denied({.reason = "tool",
                 .team = caller.team,
                 .tool = name,
                 .tool_exists = tool != nullptr,
                 .subject = caller.subject,
                 .token_id = caller.token_id});
  return nullptr;
}

asio::awaitable<HttpResponse> McpService::CallTool(const Caller& caller, TeamStore& store,
                                                   const HttpRequest& request,
                                                   const McpMessage& message) const {
  const auto name = message.params.find("name");
  if (name == message.params.end() || !name->is_string()) {
    co_return Failed(message.id, 200, kInvalidParams, "Invalid params: name must be a string");
  }
  const Tool* tool = AllowedTool(caller, message);
  if (tool == nullptr) co_return Failed(message.id, 200, kInvalidParams, "Unknown tool");

  static const json kNoArguments = json::object();
  const auto given = message.params.find("arguments");
  const json& arguments = given == message.params.end() ? kNoArguments : *given;
  if (message.era == Era::kModern && !ParamHeadersMatch(request, tool->input_schema, arguments)) {
    co_return Failed(message.id, 400, kHeaderMismatch,
                     "Header mismatch: Mcp-Param headers do not match the body");
  }
  if (auto problem = CheckArguments(tool->input_schema, arguments)) {
    co_return ToolAnswer(message, ToolResult::Error(std::move(*problem)));
  }
  const GatewayMetrics::OfTeam& counted = metrics_.Team(caller.team);
  counted.calls->Increment();
  const ToolCall call{caller.team, arguments, store};
  try {
    ToolResult result = co_await RunTool(*tool, call);
    if (result.is_error) counted.failed_calls->Increment();
    co_return ToolAnswer(message, std::move(result));
  } catch (const StorageTrouble& trouble) {
    counted.failed_calls->Increment();
    co_return trouble.ToResponse(message.id);
  }
}

asio::awaitable<ToolResult> McpService::RunTool(const Tool& tool, const ToolCall& call) const {
  try {
    co_return co_await tool.handler(call);
  } catch (const RedisUnavailable&) {
    throw StorageTrouble{503, "storage is unavailable, nothing was done; try again later"};
  } catch (const RedisOutcomeUnknown&) {
    throw StorageTrouble{504,
                         "storage did not answer in time, it is not known whether this was done"};
  } catch (const RedisNotServing& error) {
    throw StorageTrouble{503, "storage refuses at present (" + error.code() +
                                  "), nothing was done; try again later"};
  } catch (const RedisError& error) {
    Log(Level::kError, "storage_refused",
        {{"team", call.team}, {"tool", tool.name}, {"error", error.what()}});
    co_return ToolResult::Error("storage refused this");
  } catch (const std::exception& error) {
    Log(Level::kError, "tool_failed",
        {{"team", call.team}, {"tool", tool.name}, {"error", error.what()}});
    co_return ToolResult::Error("the tool failed");
  }
}

}  // namespace platform
