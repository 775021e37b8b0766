#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "compose/services/common/http_client.h"
#include "compose/services/worker/tool_caller.h"

namespace platform {

inline constexpr std::string_view kMcpRevision = "2026-07-28";

// The body of a tools/call request in the stateless form of the protocol.
std::string MakeToolCall(std::int64_t id, const std::string& tool, nlohmann::json arguments);

// Reads the answer to request `id`, sent as one JSON object or as an event stream. Never throws for
// what a server may send: an answer that makes no sense is a failed call.
ToolResult ReadToolAnswer(std::int64_t id, const HttpResult& answer);

}  // namespace platform
