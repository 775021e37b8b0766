#include "compose/services/gateway/argument_checker.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace platform {
namespace {

using nlohmann::json;

// JSON Schema counts characters, not bytes: all but the continuation bytes of UTF-8.
std::int64_t CharactersOf(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

bool IsWithin(const json& schema, const char* minimum, const char* maximum, std::int64_t value) {
  const auto low = schema.find(minimum);
  const auto high = schema.find(maximum);
  return (low == schema.end() || value >= low->get<std::int64_t>()) &&
         (high == schema.end() || value <= high->get<std::int64_t>());
}

std::string Limits(const json& schema, const char* minimum, const char* maximum) {
  std::string text;
  if (schema.contains(minimum)) text += " of at least " + schema[minimum].dump();
  if (schema.contains(maximum))
    text += (text.empty() ? " of at most " : " and at most ") + schema[maximum].dump();
  return text;
}

std::optional<std::string> CheckOne(const std::string& name, const json& schema,
                                    const json& value) {
  const auto type = schema.find("type");
  if (type == schema.end()) return std::nullopt;
  if (*type == "string") {
    if (value.is_string() && IsWithin(schema, "minLength", "maxLength",
                                      CharactersOf(value.get_ref<const std::string&>()))) {
      return std::nullopt;
    }
    return "argument '" + name + "' must be a string" + Limits(schema, "minLength", "maxLength") +
           " characters";
  }
  if (*type == "integer") {
    const bool fits = value.is_number_integer() &&
                      !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
    if (fits && IsWithin(schema, "minimum", "maximum", value.get<std::int64_t>()))
      return std::nullopt;
    return "argument '" + name + "' must be an integer" + Limits(schema, "minimum", "maximum");
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> CheckArguments(const json& schema, const json& arguments) {
  if (!arguments.is_object()) return "arguments must be an object";
  if (const auto required = schema.find("required"); required != schema.end()) {
    for (const json& name : *required) {
      if (!arguments.contains(name.get_ref<const std::string&>())) {
        return "argument '" + name.get<std::string>() + "' is missing";
      }
    }
  }
  const auto properties = schema.find("properties");
  for (const auto& [name, value] : arguments.items()) {
    const bool known = properties != schema.end() && properties->contains(name);
    if (!known) {
      if (schema.value("additionalProperties", true)) continue;
      return "there is an argument that this tool does not know";
    }
    if (auto problem = CheckOne(name, (*properties)[name], value)) return problem;
  }
  return std::nullopt;
}

}  // namespace platform
