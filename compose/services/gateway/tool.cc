#include "compose/services/gateway/tool.h"

namespace platform {

ToolResult ToolResult::Text(std::string text) {
  ToolResult result;
  result.content.push_back({{"type", "text"}, {"text", std::move(text)}});
  return result;
}

ToolResult ToolResult::Error(std::string text) {
  ToolResult result = Text(std::move(text));
  result.is_error = true;
  return result;
}

}  // namespace platform
