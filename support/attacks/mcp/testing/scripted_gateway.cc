#include "support/attacks/mcp/testing/scripted_gateway.h"

#include <algorithm>

#include "support/attacks/mcp/testing/scripted_request.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr int kMostDepth = 64;
constexpr std::int64_t kMostCommas = 20'000;

json Parsed(const std::string& text, bool strict) {
  if (strict && text.starts_with("\xEF\xBB\xBF")) return json(json::value_t::discarded);
  std::vector<std::set<std::string>> names;
  bool twice = false;
  const json parsed = json::parse(
      text,
      [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key) {
          twice = !names.back().insert(value.get<std::string>()).second || twice;
        }
        return true;
      },
      false);
  return strict && twice ? json(json::value_t::discarded) : parsed;
}

// Deepest nesting of a text of JSON, strings aside.
int Depth(const std::string& text) {
  int depth = 0;
  int deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}') --depth;
  }
  return deepest;
}

std::string RpcError(int code, const std::string& message, const json& id = nullptr) {
  return json{{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}}
      .dump();
}

}  // namespace

std::map<std::string, std::vector<std::string>> ScriptedGateway::Tools() {
  const std::vector<std::string> common = {"memory_delete", "memory_get", "memory_list",
                                           "memory_put"};
  std::vector<std::string> more = common;
  more.emplace_back("ledger_record");
  return {{"finance", more}, {"marketing", common}, {"sales", common}};
}

std::string ScriptedGateway::Log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

ScriptedGateway::Outgoing ScriptedGateway::Answer(const Incoming& request,
                                                  std::string& connection_team) {
  const std::string host = request.Header("host");
  const bool host_fits =
      request.Count("host") == 1 && (host == "gateway:8080" || host == "localhost");
  if (!host_fits && !Is(Defect::kNoHostCheck)) return {403};
  if (request.Count("origin") > 0 && !Is(Defect::kNoOriginCheck)) return {403};
  const std::string path = request.target.substr(0, request.target.find('?'));
  std::string team = Authorize(request);
  if (team.empty() && Is(Defect::kConnectionTrust)) team = connection_team;
  if (team.empty() && Is(Defect::kLoosePaths) && path != "/mcp") team = "marketing";
  if (team.empty() && Is(Defect::kEchoesToken)) {
    return {401, json{{"error", "no such token: " + request.Header("authorization")}}.dump()};
  }
  if (team.empty()) return {401, R"({"error":"Unauthorized"})"};
  connection_team = team;
  if (path != "/mcp" && !Is(Defect::kLoosePaths)) return {404};
  if (request.method != "POST") return {405};
  if (request.Header("content-type") != "application/json" ||
      request.Count("content-encoding") > 0) {
    return {415};
  }
  if (Depth(request.body) > kMostDepth) {
    if (Is(Defect::kFailsWhenDeep)) return {500};
    if (Is(Defect::kDiesWhenDeep)) ++lives_;
    if (Is(Defect::kDiesWhenDeep)) return {.status = 0};
    return {400, RpcError(-32700, "nested too deeply")};
  }
  if (std::count(request.body.begin(), request.body.end(), ',') > kMostCommas) {
    return {400, RpcError(-32700, "too many values")};
  }
  const json message = Parsed(request.body, !Is(Defect::kLastKeyWins));
  if (message.is_array() && Is(Defect::kRunsBatches)) {
    json answers = json::array();
    for (const json& each : message) {
      if (!each.is_object() || each.value("method", "") != "tools/call") continue;
      answers.push_back({{"jsonrpc", "2.0"}, {"id", 7}, {"result", Call(team, each["params"])}});
    }
    return {200, answers.dump()};
  }
  if (!message.is_object()) return {400, RpcError(-32700, "Parse error")};
  return AnswerMessage(team, request, message);
}

// Whether header and body tell of different requests.
bool ScriptedGateway::IsDisguised(const Incoming& request, const json& message) const {
  const json params = message.value("params", json::object());
  const json meta = params.is_object() ? params.value("_meta", json::object()) : json::object();
  const json version = meta.value("io.modelcontextprotocol/protocolVersion", json());
  const std::string header = request.Header("mcp-protocol-version");
  const std::size_t count = request.Count("mcp-protocol-version");
  const bool modern = !version.is_null();
  const bool era_fits = modern ? count == 1 && version == header && header == "2026-07-28"
                               : count == 0 || (count == 1 && header == "2025-11-25");
  if (!era_fits && !Is(Defect::kNoEraCheck)) return true;
  if (!modern || Is(Defect::kNoMirrorCheck) || Is(Defect::kNoEraCheck)) return false;
  const auto mirrors = [&](const char* name, const json& value) {
    return request.Count(name) == 1 && value == request.Header(name);
  };
  return !mirrors("mcp-method", message.value("method", json())) ||
         (params.contains("name") && !mirrors("mcp-name", params["name"]));
}

ScriptedGateway::Outgoing ScriptedGateway::AnswerMessage(const std::string& team,
                                                         const Incoming& request,
                                                         const json& message) {
  const json id = message.value("id", json());
  if (message.value("jsonrpc", json()) != "2.0" || !message.contains("method") ||
      (message.contains("id") && id.is_null())) {
    return {400, RpcError(-32600, "Invalid request")};
  }
  if (IsDisguised(request, message)) return {400, RpcError(-32020, "Header mismatch", id)};
  const json params = message.value("params", json::object());
  if (!message.contains("id")) {
    if (Is(Defect::kRunsNotifications) && message["method"] == "tools/call") Call(team, params);
    return {202};
  }
  json result;
  if (message["method"] == "tools/list") {
    json tools = json::array();
    const auto all = Tools();
    const auto own = all.find(Is(Defect::kListsEverything) ? "finance" : team);
    if (own == all.end()) return {200, RpcError(-32603, "No such team", id)};
    for (const std::string& tool : own->second) {
      tools.push_back(
          {{"name", tool},
           {"inputSchema",
            {{"properties", {{"key", {{"type", "string"}}}, {"value", {{"type", "string"}}}}},
             {"required", tool == "memory_list" ? json::array() : json{"key", "value"}}}}});
    }
    result = {{"tools", tools}};
  } else if (message["method"] == "tools/call") {
    result = Call(team, params);
  }
  if (result.is_null()) return {200, RpcError(-32601, "Method not found", id)};
  if (result.contains("refused")) return {200, RpcError(-32602, result["refused"], id)};
  return {200, json{{"jsonrpc", "2.0"}, {"id", id}, {"result", result}}.dump()};
}

json ScriptedGateway::Call(const std::string& team, const json& params) {
  std::string tool = params.value("name", json()).is_string() ? params["name"] : "";
  const auto teams = Tools();
  const auto allows = [&](const std::string& name) {
    const auto tools = teams.find(name);
    return tools != teams.end() &&
           std::find(tools->second.begin(), tools->second.end(), tool) != tools->second.end();
  };
  bool loose = false;
  if (Is(Defect::kLooseNames) && tool != "ledger_record") {
    loose = LowerCase(tool).find("ledger_record") != std::string::npos;
    if (loose) tool = "ledger_record";
  }
  const bool known = allows("finance");
  const bool allowed = allows(team) || (Is(Defect::kUnknownTeams) && !teams.contains(team));
  if (!known || !(allowed || loose || Is(Defect::kIgnoresTeam))) {
    const std::lock_guard lock(mutex_);
    if (!Is(Defect::kNoAudit)) {
      log_ += json{{"event", "denied"}, {"team", team}, {"tool", tool}}.dump() + "\n";
    }
    if (Is(Defect::kNamesTools)) return {{"refused", "Unknown tool, try ledger_record"}};
    return {{"refused", known && Is(Defect::kTellsForbidden) ? "Not for you" : "Unknown tool"}};
  }
  return Run(team, tool, params.value("arguments", json::object()));
}

}  // namespace proving_ground
