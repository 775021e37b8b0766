#include "compose/services/gateway/param_headers.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "compose/services/gateway/mcp_message.h"

namespace platform {
namespace {

using nlohmann::json;

bool IsPlainHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7E); });
}

// Integers are compared as numbers: "42.0" mirrors 42.
bool MirrorsInteger(const HttpRequest& request, const std::string& header, const json& value) {
  if (MirrorsBody(request, header, value.dump())) return true;
  const std::string_view text = request.Header(header);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return request.HeaderCount(header) == 1 && error == std::errc() &&
         end == text.data() + text.size() && number == value.get<double>();
}

bool MatchesOne(const HttpRequest& request, const std::string& header, const json* value) {
  if (value == nullptr || value->is_null()) return request.HeaderCount(header) == 0;
  if (!IsPlainHeaderText(request.Header(header))) return false;
  if (value->is_string()) return MirrorsBody(request, header, value->get_ref<const std::string&>());
  if (value->is_number_integer()) return MirrorsInteger(request, header, *value);
  if (value->is_boolean())
    return MirrorsBody(request, header, value->get<bool>() ? "true" : "false");
  return false;
}

}  // namespace

bool ParamHeadersMatch(const HttpRequest& request, const json& schema, const json& arguments) {
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return true;
  for (const auto& [name, property] : properties->items()) {
    const json* value = nullptr;
    if (arguments.is_object()) {
      const auto argument = arguments.find(name);
      if (argument != arguments.end()) value = &*argument;
    }
    const auto annotation = property.find("x-mcp-header");
    if (annotation != property.end() && annotation->is_string() &&
        !MatchesOne(request, "Mcp-Param-" + annotation->get<std::string>(), value)) {
      return false;
    }
    // Annotations may stand at any depth that is reached through `properties` alone.
    static const json kNothing = json::object();
    if (property.contains("properties") &&
        !ParamHeadersMatch(request, property, value == nullptr ? kNothing : *value)) {
      return false;
    }
  }
  return true;
}

}  // namespace platform
