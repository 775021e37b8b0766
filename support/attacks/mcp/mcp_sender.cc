#include "support/attacks/mcp/mcp_sender.h"

#include <strings.h>

#include <algorithm>
#include <sstream>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kConnectWithin{1'000};
constexpr int kMostPages = 100;
// All requests carry the same id, so that answers can be compared byte for byte.
constexpr int kId = 7;

bool SameName(const std::string& one, const std::string& other) {
  return ::strcasecmp(one.c_str(), other.c_str()) == 0;
}

bool HasResult(const json& message) { return message.is_object() && message.contains("result"); }

}  // namespace

std::string_view VersionOf(Era era) { return era == Era::kLegacy ? "2025-11-25" : "2026-07-28"; }

McpPost& McpPost::Add(const std::string& name, const std::string& value) {
  headers.emplace_back(name, value);
  return *this;
}

McpPost& McpPost::Remove(const std::string& name) {
  std::erase_if(headers, [&](const auto& header) { return SameName(header.first, name); });
  return *this;
}

McpPost& McpPost::Replace(const std::string& name, const std::string& value) {
  return Remove(name).Add(name, value);
}

std::string McpPost::Bytes() const {
  std::string bytes = method + " " + target + " HTTP/1.1\r\n";
  bool framed = false;
  for (const auto& [name, value] : headers) {
    bytes += name;
    bytes += ": ";
    bytes += value;
    bytes += "\r\n";
    framed = framed || SameName(name, "Content-Length") || SameName(name, "Transfer-Encoding");
  }
  if (!framed) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return bytes + "\r\n" + body;
}

std::string_view ReplyName(Reply reply) {
  switch (reply) {
    case Reply::kServed:
      return "served";
    case Reply::kToolError:
      return "tool error";
    case Reply::kAccepted:
      return "accepted";
    case Reply::kRefused:
      return "refused";
    case Reply::kClosed:
      return "closed";
    case Reply::kLimited:
      return "limited";
    case Reply::kBroken:
      return "broken";
    case Reply::kSilent:
      break;
  }
  return "silent";
}

json JsonOf(const RawAnswer& answer) {
  if (!answer.Header("content-type").value_or("").starts_with("text/event-stream")) {
    return json::parse(answer.body, nullptr, false);
  }
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data:")) continue;
    json message = json::parse(line.substr(5), nullptr, false);
    if (message.is_object() && (message.contains("result") || message.contains("error"))) {
      return message;
    }
  }
  return json(json::value_t::discarded);
}

Reply ReplyOf(const RawAnswer& answer) {
  if (answer.status == 0) {
    if (!answer.head.empty()) return Reply::kBroken;
    return answer.closed ? Reply::kClosed : Reply::kSilent;
  }
  if (answer.status == 429) return Reply::kLimited;
  if (answer.status >= 500) return Reply::kBroken;
  if (answer.status >= 300) return Reply::kRefused;
  const json message = JsonOf(answer);
  if (message.is_array()) {  // answers to a batch: one result is enough
    return std::any_of(message.begin(), message.end(), HasResult) ? Reply::kServed
                                                                  : Reply::kRefused;
  }
  if (HasResult(message)) {
    const json& result = message["result"];
    const bool error = result.is_object() && result.value("isError", json(false)) == json(true);
    return error ? Reply::kToolError : Reply::kServed;
  }
  if (message.is_object() && message.contains("error")) return Reply::kRefused;
  // A success without any sign of a refusal is taken for what it says.
  return answer.body.empty() ? Reply::kAccepted : Reply::kServed;
}

McpPost McpSender::Request(Era era, const std::string& method, json params) const {
  McpPost post;
  post.target = target_.path;
  post.headers = {{"Host", target_.host},
                  {"Authorization", "Bearer " + token_},
                  {"Content-Type", "application/json"},
                  {"Accept", "application/json, text/event-stream"},
                  {"MCP-Protocol-Version", std::string(VersionOf(era))}};
  if (era == Era::kModern) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", VersionOf(era)},
                       {"io.modelcontextprotocol/clientCapabilities", json::object()}};
    post.Add("Mcp-Method", method);
  }
  post.body =
      json{{"jsonrpc", "2.0"}, {"id", kId}, {"method", method}, {"params", std::move(params)}}.dump(
          -1, ' ', false, json::error_handler_t::ignore);
  return post;
}

McpPost McpSender::Call(Era era, const std::string& tool, const json& arguments) const {
  McpPost post = Request(era, "tools/call", {{"name", tool}, {"arguments", arguments}});
  if (era == Era::kModern) post.Add("Mcp-Name", tool);
  return post;
}

RawConnection McpSender::Connect() const {
  return RawConnection(target_.address, target_.port, kConnectWithin);
}

RawAnswer McpSender::SendBytes(std::string_view bytes) const {
  RawConnection connection = Connect();
  const Deadline deadline = Within(target_.answer_within);
  const auto asked = Clock::now();
  connection.Send(bytes, deadline);  // where it stopped reading it may have answered already
  RawAnswer answer = connection.Receive(deadline);
  answer.took = Clock::now() - asked;
  return answer;
}

std::vector<json> McpSender::ListTools(Era era) const {
  std::vector<json> tools;
  json params = json::object();
  for (int page = 0; page < kMostPages; ++page) {
    const RawAnswer answer = Send(Request(era, "tools/list", params));
    if (ReplyOf(answer) != Reply::kServed) {
      throw EnvironmentError("the gateway gave no list of tools to a rightful team: status " +
                                 std::to_string(answer.status) + ", " +
                                 std::string(ReplyName(ReplyOf(answer))),
                             "check the team's token and the log of the gateway");
    }
    const json result = JsonOf(answer)["result"];
    for (const json& tool : result.value("tools", json::array())) tools.push_back(tool);
    if (!result.contains("nextCursor")) return tools;
    params["cursor"] = result["nextCursor"];
  }
  throw EnvironmentError("the gateway's list of tools does not end", "see its log");
}

}  // namespace proving_ground
