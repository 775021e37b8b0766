// One message of the Model Context Protocol, checked as far as that is possible without knowing any
// tool.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "compose/services/common/http_message.h"

namespace platform {

// Revisions with an `initialize` handshake are legacy, those with metadata in each request are
// modern (2026-07-28, "Versioning and Compatibility").
enum class Era { kLegacy, kModern };

inline constexpr std::string_view kLegacyVersion = "2025-11-25";
inline constexpr std::string_view kModernVersion = "2026-07-28";

// JSON-RPC and MCP error codes.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kUnsupportedVersion = -32022;

struct McpMessage {
  enum class Kind { kRequest, kNotification, kResponse };

  Kind kind = Kind::kRequest;
  Era era = Era::kLegacy;
  nlohmann::json id;      // a string or an integer; null unless kind is kRequest
  std::string method;     // empty if kind is kResponse
  nlohmann::json params;  // an object, possibly empty
};

// A JSON-RPC error answer with its HTTP status.
struct McpError {
  unsigned status = 200;
  nlohmann::json id;  // null if it could not be read
  int code = 0;
  std::string message;
  nlohmann::json data;  // null: none

  HttpResponse ToResponse() const;
};

// Reads the one message of a POST. The era is decided by the body, and a header that disagrees with
// the body is an error, so that nobody on the way can be made to judge a request by other rules
// than this server does.
std::variant<McpMessage, McpError> ReadMcpMessage(const HttpRequest& request);

// Compares a header that mirrors a value of the body: it must stand exactly once and equal the
// value, possibly in the base64 form of MCP ("=?base64?...?=").
bool MirrorsBody(const HttpRequest& request, std::string_view header, std::string_view value);

}  // namespace platform
