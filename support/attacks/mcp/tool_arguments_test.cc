#include "support/attacks/mcp/tool_arguments.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using nlohmann::json;

TEST(ToolArgumentsTest, FillsWhatIsRequiredWithinTheSchema) {
  const json schema = json::parse(R"({
    "type": "object",
    "properties": {
      "key": {"type": "string"}, "value": {"type": "string", "maxLength": 3},
      "amount": {"type": "integer", "minimum": -5}, "limit": {"type": "integer", "minimum": 1},
      "kind": {"type": "string", "enum": ["credit", "debit"]},
      "flag": {"type": "boolean"}, "list": {"type": "array"}, "more": {"type": "string"}},
    "required": ["key", "value", "amount", "limit", "kind", "flag", "list"]})");
  EXPECT_EQ(MinimalArguments(schema, "the-name", "text"),
            json::parse(R"({"key": "the-name", "value": "tex", "amount": 0, "limit": 1,
                            "kind": "credit", "flag": false, "list": []})"));
  EXPECT_EQ(MinimalArguments(json::object(), "a", "b"), json::object());
  EXPECT_EQ(MinimalArguments(nullptr, "a", "b"), json::object());
}

}  // namespace
}  // namespace proving_ground
