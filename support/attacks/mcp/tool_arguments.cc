#include "support/attacks/mcp/tool_arguments.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using nlohmann::json;

bool NamesSomething(const std::string& argument) {
  constexpr std::array kNames{"key", "name", "account", "id", "prefix"};
  return std::find(kNames.begin(), kNames.end(), argument) != kNames.end();
}

json ValueOf(const json& schema, const std::string& text) {
  if (schema.contains("enum") && !schema["enum"].empty()) return schema["enum"].front();
  if (schema.contains("const")) return schema["const"];
  const std::string type =
      schema.value("type", json("string")).is_string() ? schema.value("type", "string") : "string";
  if (type == "integer" || type == "number") {
    return std::max<std::int64_t>(schema.value("minimum", std::int64_t{0}), 0);
  }
  if (type == "boolean") return false;
  if (type == "array") return json::array();
  if (type == "object") return MinimalArguments(schema, text, text);
  return text.substr(0, schema.value("maxLength", text.size()));
}

}  // namespace

json MinimalArguments(const json& schema, const std::string& name, const std::string& text) {
  json arguments = json::object();
  if (!schema.is_object()) return arguments;
  const json properties = schema.value("properties", json::object());
  for (const json& required : schema.value("required", json::array())) {
    const auto argument = required.get<std::string>();
    arguments[argument] =
        ValueOf(properties.value(argument, json::object()), NamesSomething(argument) ? name : text);
  }
  return arguments;
}

}  // namespace proving_ground
