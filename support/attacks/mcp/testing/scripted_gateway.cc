#include "support/attacks/mcp/testing/scripted_gateway.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::size_t kMostHead = 16'384;
constexpr std::size_t kMostBody = 1 << 20;
constexpr int kMostDepth = 64;
constexpr std::int64_t kMostCommas = 20'000;
constexpr std::chrono::milliseconds kPatience{700};
constexpr int kCrowd = 5;
constexpr std::chrono::milliseconds kSlowdown{100};
constexpr const char* kIssuer = "proving-ground";
constexpr const char* kAudience = "mcp-gateway";

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

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

json Text(const std::string& text, bool is_error = false) {
  return {{"content", json::array({{{"type", "text"}, {"text", text}}})}, {"isError", is_error}};
}

}  // namespace

struct ScriptedGateway::Incoming {
  std::string method;
  std::string target;
  HttpHeaders headers;  // names in lower case
  std::string body;

  std::size_t Count(const std::string& name) const {
    return static_cast<std::size_t>(std::count_if(
        headers.begin(), headers.end(), [&](const auto& each) { return each.first == name; }));
  }
  std::string Header(const std::string& name) const {
    for (const auto& [each, value] : headers) {
      if (each == name) return value;
    }
    return {};
  }
};

ScriptedGateway::ScriptedGateway(Defect defect) : defect_(defect) {
  listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), generic, &size) != 0) {
    throw SystemError("cannot listen on a loopback port", errno);
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
}

ScriptedGateway::~ScriptedGateway() = default;

McpSender ScriptedGateway::Team(const std::string& team) const {
  const json claims = {{"iss", kIssuer}, {"aud", kAudience}, {"sub", team},         {"team", team},
                       {"iat", Now()},   {"nbf", Now()},     {"exp", Now() + 3'600}};
  const std::string text =
      ToBase64Url(R"({"alg":"ES256","typ":"JWT"})") + "." + ToBase64Url(claims.dump());
  GatewayTarget target;
  target.address = "127.0.0.1";
  target.port = port_;
  target.host = "gateway:8080";
  target.answer_within = std::chrono::milliseconds(1'500);
  return {target, text + "." + ToBase64Url(key_.Sign(text))};
}

std::map<std::string, std::vector<std::string>> ScriptedGateway::Tools() {
  const std::vector<std::string> common = {"memory_delete", "memory_get", "memory_list",
                                           "memory_put"};
  std::vector<std::string> more = common;
  more.emplace_back("ledger_record");
  return {{"finance", more}, {"marketing", common}, {"sales", common}};
}

std::map<std::string, McpSender> ScriptedGateway::Teams() const {
  std::map<std::string, McpSender> teams;
  for (const auto& [team, tools] : Tools()) teams.emplace(team, Team(team));
  return teams;
}

std::string ScriptedGateway::Log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::vector<std::string> ScriptedGateway::KeysHolding(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  for (const auto& [key, fields] : store_) {
    bool holds = key.find(text) != std::string::npos;
    for (const auto& [name, value] : fields)
      holds = holds || (name + value).find(text) != std::string::npos;
    if (holds) keys.push_back(key);
  }
  return keys;
}

void ScriptedGateway::Plant(const std::string& key, const std::string& text) {
  const std::lock_guard lock(mutex_);
  store_[key] = {{"", text}};
}

bool ScriptedGateway::Stands(const std::string& key, const std::string& text) {
  const std::lock_guard lock(mutex_);
  return store_[key] == std::map<std::string, std::string>{{"", text}};
}

std::vector<std::string> ScriptedGateway::KeysRefused(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys = refused_keys_;
  std::erase_if(keys, [&](const auto& key) { return key.find(text) == std::string::npos; });
  return keys;
}

void ScriptedGateway::Purge(const std::string& text) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, fields] : store_) {
    std::erase_if(fields, [&](const auto& field) {
      return (field.first + field.second).find(text) != std::string::npos;
    });
  }
  std::erase_if(store_, [&](const auto& entry) {
    return entry.second.empty() && entry.first.find(text) != std::string::npos;
  });
}

void ScriptedGateway::Accept(const std::stop_token& stop) {
  std::vector<std::jthread> threads;  // asked to stop and joined on the way out
  while (!stop.stop_requested()) {
    pollfd entry{listener_.get(), POLLIN, 0};
    if (::poll(&entry, 1, 20) <= 0) continue;
    FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.valid()) continue;
    threads.emplace_back(
        [this, owned = std::move(socket)](const std::stop_token& inner) { Serve(owned, inner); });
  }
}

void ScriptedGateway::Serve(const FileDescriptor& socket, const std::stop_token& stop) {
  std::string buffer;
  std::string connection_team;
  for (;;) {
    Incoming request;
    Outgoing outgoing{.status = 0};
    if (!Receive(socket, stop, buffer, request, outgoing)) {
      outgoing.close = true;
    } else {
      const int crowd = ++asking_;
      if (Is(Defect::kSlowsAll) && crowd >= kCrowd) PauseUntil(Clock::now() + kSlowdown, stop);
      outgoing = Answer(request, connection_team);
      const bool refused =
          outgoing.status >= 400 || outgoing.body.find("error") != std::string::npos;
      if (refused && Is(Defect::kHoards)) {
        hoarded_ += static_cast<std::int64_t>(request.body.size() + request.target.size() + 500);
      }
      --asking_;
    }
    if (outgoing.status == 0) return;
    const std::string text = fmt::format(
        "HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        outgoing.status, outgoing.body.size(), outgoing.body);
    if (::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0 || outgoing.close) return;
  }
}

// False when the connection is to end, after `refusal` where that has a status.
bool ScriptedGateway::Receive(const FileDescriptor& socket, const std::stop_token& stop,
                              std::string& buffer, Incoming& request, Outgoing& refusal) const {
  const bool bounded = !Is(Defect::kNoLimits);
  const bool hurries = bounded && !Is(Defect::kHoldsSlow);
  const bool strict = !Is(Defect::kNoFramingCheck);
  Clock::time_point begun = Clock::time_point::max();
  const auto read_more = [&] {
    for (; !stop.stop_requested();) {
      if (hurries && !buffer.empty() && Clock::now() - begun > kPatience) {
        refusal.status = 408;
        return false;
      }
      pollfd entry{socket.get(), POLLIN, 0};
      if (::poll(&entry, 1, 20) <= 0) continue;
      char chunk[16'384];
      const ssize_t size = ::recv(socket.get(), chunk, sizeof chunk, 0);
      if (size <= 0) return false;
      begun = std::min(begun, Clock::now());
      buffer.append(chunk, static_cast<std::size_t>(size));
      return true;
    }
    return false;
  };
  const auto refuse = [&](int status) {
    refusal.status = status;
    return false;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (bounded && buffer.size() > kMostHead) return refuse(431);
    if (!read_more()) return false;
  }
  if (bounded && end > kMostHead) return refuse(431);
  const std::string head = buffer.substr(0, end + 2);
  bool malformed = head.find('\0') != std::string::npos;
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t stop_at = head.find('\n', at);
    std::string line = head.substr(at, stop_at - at);
    malformed = malformed || line.empty() || line.find('\r') != line.size() - 1;
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (at == 0) {
      request.method = line.substr(0, line.find(' '));
      request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    } else {
      const std::size_t colon = std::min(line.find(':'), line.size() - 1);
      malformed = malformed || line.front() == ' ' || (colon > 0 && line[colon - 1] == ' ');
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      request.headers.emplace_back(Lower(line.substr(0, colon)),
                                   value == std::string::npos ? "" : line.substr(value));
    }
    at = stop_at + 1;
  }
  const std::string length = request.Header("content-length");
  malformed = malformed || request.Count("content-length") > 1 ||
              request.Count("transfer-encoding") > 0 ||
              length.find_first_not_of("0123456789") != std::string::npos;
  if (malformed && strict && bounded) return refuse(400);
  if (request.Count("transfer-encoding") > 0 && !bounded) {
    while (read_more()) buffer.clear();  // for as long as it goes on
    return false;
  }
  const std::size_t size = length.empty() ? 0 : std::strtoull(length.c_str(), nullptr, 10);
  if (bounded && size > kMostBody) return refuse(413);
  while (buffer.size() - end - 4 < size) {
    if (!read_more()) return false;
  }
  request.body = buffer.substr(end + 4, size);
  buffer.erase(0, end + 4 + size);
  return true;
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

// The team of the request's token; empty: there is none that counts.
std::string ScriptedGateway::Authorize(const Incoming& request) const {
  std::string header = request.Header("authorization");
  if (request.Count("authorization") > 1 && !Is(Defect::kFirstAuthorization)) return {};
  if (header.empty() && Is(Defect::kTokenInQuery)) {
    const std::size_t at = request.target.find("access_token=");
    if (at != std::string::npos) header = "Bearer " + request.target.substr(at + 13);
  }
  if (!header.starts_with("Bearer ")) return {};
  const std::string team = TeamOf(header.substr(7));
  const std::string claimed = request.Header("x-team");
  return !team.empty() && !claimed.empty() && Is(Defect::kTrustsHeader) ? claimed : team;
}

std::string ScriptedGateway::TeamOf(const std::string& token) const {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string::npos || last == first) return {};
  const auto header_text = FromBase64Url(token.substr(0, first));
  const auto claims_text = FromBase64Url(token.substr(first + 1, last - first - 1));
  const auto signature = FromBase64Url(token.substr(last + 1));
  if (!header_text || !claims_text || !signature) return {};
  const json header = json::parse(*header_text, nullptr, false);
  const json claims = json::parse(*claims_text, nullptr, false);
  if (!header.is_object() || !claims.is_object()) return {};
  if (!IsSigned(token.substr(0, last), *signature, header)) return {};
  const json audience = claims.value("aud", json());
  const bool named =
      audience == kAudience || (Is(Defect::kAudiencePrefix) && audience.is_string() &&
                                audience.get<std::string>().starts_with(kAudience));
  if (!named && !Is(Defect::kNoAudience)) return {};
  if (claims.value("iss", json()) != kIssuer && !Is(Defect::kNoIssuer)) return {};
  const json expiry = claims.value("exp", json());
  const bool alive = expiry.is_number_integer() && expiry.get<std::int64_t>() > Now();
  if (!alive && !Is(Defect::kNoExpiry)) return {};
  if (claims.value("nbf", std::int64_t{0}) > Now() && !Is(Defect::kNoNotBefore)) return {};
  const std::string team = claims.value("team", "");
  return Tools().contains(team) || Is(Defect::kUnknownTeams) ? team : "";
}

bool ScriptedGateway::IsSigned(const std::string& text, const std::string& signature,
                               const json& header) const {
  if (Is(Defect::kNoSignature)) return true;
  const std::string algorithm = Lower(header.value("alg", ""));
  if (Is(Defect::kAlgorithmOfToken) && algorithm == "none") return true;
  // The double takes the offered key at its word: the forgery is signed with it.
  if (Is(Defect::kKeyOfToken) && header.contains("jwk")) return true;
  return algorithm == "es256" && !header.contains("crit") && key_.Verifies(text, signature);
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
    loose = Lower(tool).find("ledger_record") != std::string::npos;
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

std::string ScriptedGateway::KeyOf(const std::string& team, const std::string& field) const {
  const std::size_t at = field.find("team:");
  if (Is(Defect::kRawKeys) && at != std::string::npos) return field.substr(at);
  if (Is(Defect::kPrefixedKeys)) return "team:" + team + ":" + field;
  return "team:" + (Is(Defect::kOneStore) ? "marketing" : team) + ":memory";
}

json ScriptedGateway::Run(const std::string& team, const std::string& tool, const json& arguments) {
  const std::lock_guard lock(mutex_);
  const json given = arguments.value("key", json(""));
  const json value = arguments.value("value", json(""));
  if (!given.is_string() || !value.is_string()) return Text("a text, please", true);
  const std::string field = given;
  if (Is(Defect::kFencedKeys) && field.starts_with("team:") &&
      !field.starts_with("team:" + team + ":")) {
    refused_keys_.push_back(field);
    return Text("the store refused this", true);
  }
  auto& notes = store_[KeyOf(team, field)];
  if (tool == "memory_put" || tool == "ledger_record") {
    notes[field] = value;
    return Text("stored");
  }
  if (tool == "memory_delete") return Text(notes.erase(field) > 0 ? "deleted" : "nothing");
  if (tool == "memory_get") {
    return notes.contains(field) ? Text(notes[field]) : Text("there is no such note", true);
  }
  json keys = json::array();
  for (const auto& [name, content] : notes) {
    if (name.starts_with(arguments.value("prefix", ""))) keys.push_back(name);
  }
  return Text(json{{"keys", keys}}.dump());
}

}  // namespace proving_ground
