// Requests to the stack's MCP gateway, to be bent out of shape before they are sent, and what came
// of them.
//
//   McpSender sales(target, token);
//   McpPost post = sales.Call(Era::kModern, "ledger_record", {{"account", "a"}, {"amount", 1}});
//   post.Replace("Mcp-Name", "memory_get");
//   ReplyOf(sales.Send(post))  // Reply::kRefused
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/attacks/mcp/raw_connection.h"
#include "support/mcp/http_client.h"

namespace proving_ground {

// Where the gateway is attacked.
struct GatewayTarget {
  std::string address;  // IPv4, as seen from this machine
  int port = 8080;
  std::string path = "/mcp";
  std::string host;  // what rightful clients put into Host: "gateway:8080"
  std::chrono::milliseconds answer_within{3'000};
};

// Revisions that begin with `initialize` (2025-11-25), and those with metadata in each request
// (2026-07-28).
enum class Era { kLegacy, kModern };
std::string_view VersionOf(Era era);

// One POST. Nothing is added or repaired when it is written out, but for the length of the body
// unless a header of that name stands there already.
struct McpPost {
  std::string method = "POST";
  std::string target;
  HttpHeaders headers;
  std::string body;

  McpPost& Add(const std::string& name, const std::string& value);
  McpPost& Remove(const std::string& name);
  // Removes headers of that name, and adds one.
  McpPost& Replace(const std::string& name, const std::string& value);
  std::string Bytes() const;
};

enum class Reply {
  kServed,     // a result
  kToolError,  // a result that says `isError`
  kAccepted,   // 202 or 204: taken, nothing to say
  kRefused,    // 4xx, or a JSON-RPC error
  kClosed,     // the connection was closed without a word
  kLimited,    // 429: too much at the moment
  kBroken,     // 5xx, or no HTTP
  kSilent,     // no answer in time
};
std::string_view ReplyName(Reply reply);

Reply ReplyOf(const RawAnswer& answer);
// The JSON in an answer, also out of an event stream; discarded when there is none.
nlohmann::json JsonOf(const RawAnswer& answer);

class McpSender {
 public:
  McpSender(GatewayTarget target, std::string token)
      : target_(std::move(target)), token_(std::move(token)) {}

  const GatewayTarget& target() const { return target_; }
  const std::string& token() const { return token_; }

  // A rightful request of this team.
  McpPost Request(Era era, const std::string& method, nlohmann::json params) const;
  McpPost Call(Era era, const std::string& tool, const nlohmann::json& arguments) const;

  // Each over a connection of its own. Throw EnvironmentError when nobody accepts connections.
  RawAnswer Send(const McpPost& post) const { return SendBytes(post.Bytes()); }
  RawAnswer SendBytes(std::string_view bytes) const;
  RawConnection Connect() const;

  // Tools as tools/list gives them out: objects with name and inputSchema, of all pages. Throws
  // EnvironmentError when the list is refused or does not end.
  std::vector<nlohmann::json> ListTools(Era era) const;

 private:
  GatewayTarget target_;
  std::string token_;
};

}  // namespace proving_ground
