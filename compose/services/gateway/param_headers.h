#pragma once

#include <nlohmann/json_fwd.hpp>

#include "compose/services/common/http_message.h"

namespace platform {

// Checks the headers that mirror arguments (MCP 2026-07-28, "Custom Headers from Tool Parameters"):
// for every property of the schema annotated with `x-mcp-header: <name>`, the header
// Mcp-Param-<name> must stand once and equal the argument when there is one, and must be absent
// when there is none or it is null.
bool ParamHeadersMatch(const HttpRequest& request, const nlohmann::json& schema,
                       const nlohmann::json& arguments);

}  // namespace platform
