// Shorthand for the input schemas of the tools.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace platform {

inline nlohmann::json StringSchema(const char* description, int min_length, int max_length) {
  return {{"type", "string"},
          {"description", description},
          {"minLength", min_length},
          {"maxLength", max_length}};
}

inline nlohmann::json IntegerSchema(const char* description, std::int64_t minimum,
                                    std::int64_t maximum) {
  return {{"type", "integer"},
          {"description", description},
          {"minimum", minimum},
          {"maximum", maximum}};
}

inline nlohmann::json ObjectSchema(std::vector<std::pair<std::string, nlohmann::json>> properties,
                                   std::vector<std::string> required) {
  nlohmann::json schema = {{"type", "object"},
                           {"properties", nlohmann::json::object()},
                           {"additionalProperties", false}};
  for (auto& [name, property] : properties) schema["properties"][name] = std::move(property);
  schema["required"] = std::move(required);
  return schema;
}

}  // namespace platform
