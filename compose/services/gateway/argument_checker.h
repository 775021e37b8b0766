#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace platform {

// Checks arguments against an input schema: an object with `properties` of type string (minLength,
// maxLength) or integer (minimum, maximum), `required`, and no further properties. Returns what is
// wrong in words for the caller, or nothing. A property of another type is not checked.
std::optional<std::string> CheckArguments(const nlohmann::json& schema,
                                          const nlohmann::json& arguments);

}  // namespace platform
