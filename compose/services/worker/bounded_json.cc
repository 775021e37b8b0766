#include "compose/services/worker/bounded_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace platform {

nlohmann::json ParseBoundedJson(std::string_view text) {
  constexpr int kMaxDepth = 64;
  const auto bound = [](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
    if (depth > kMaxDepth) throw std::runtime_error("JSON is nested too deeply");
    return true;
  };
  try {
    return nlohmann::json::parse(text, bound);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(
        "malformed JSON");  // The library's text would quote what was received.
  }
}

}  // namespace platform
