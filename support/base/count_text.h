// Numbers of things, as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace proving_ground {

// CountText(1, "finding") is "1 finding", CountText(2, "finding") "2 findings". `plural` is for
// words that take more than an "s": "criteria".
template <typename Number>
std::string CountText(Number count, std::string_view singular, std::string_view plural = {}) {
  std::string text = std::to_string(count) + " ";
  if (count == 1) return text.append(singular);
  return plural.empty() ? text.append(singular).append("s") : text.append(plural);
}

}  // namespace proving_ground
