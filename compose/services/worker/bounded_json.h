#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace platform {

// Parses JSON that came over the network. Throws std::runtime_error if it is malformed or nested
// more than 64 levels deep: what walks a value does so recursively, and the stack is small.
nlohmann::json ParseBoundedJson(std::string_view text);

}  // namespace platform
