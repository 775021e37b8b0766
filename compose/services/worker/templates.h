#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace platform {

using Variables = std::map<std::string, std::string, std::less<>>;

// Replaces every ${name} whose name is a variable. Anything else, also an unknown ${name}, stays as
// it is, and what was put in is not expanded again.
std::string ExpandText(std::string_view text, const Variables& variables);

// The same in every string value of a JSON value, however nested. Keys are left alone.
void ExpandStrings(nlohmann::json& value, const Variables& variables);

}  // namespace platform
