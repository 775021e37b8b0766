#include "support/contract/duration.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace proving_ground {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr std::array<Unit, 4> kUnits = {{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

// A year: longer is a slip of the pen, and far from overflowing.
constexpr std::int64_t kLongest = 366LL * 24 * 3'600'000;

}  // namespace

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (next_unit == kUnits.size() || count > kLongest / kUnits[next_unit].milliseconds) {
      return std::nullopt;
    }
    total += count * kUnits[next_unit].milliseconds;
    ++next_unit;
    text.remove_prefix(name.size());
  }
  return std::chrono::milliseconds(total);
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t count = rest / unit.milliseconds; count > 0) {
      text += std::to_string(count);
      text += unit.name;
      rest %= unit.milliseconds;
    }
  }
  return text;
}

}  // namespace proving_ground
