#include "support/base/utc.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <ctime>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

// Reads `digits` digits at `position` and moves on; nullopt when there are others.
std::optional<int> Number(std::string_view text, std::size_t& position, std::size_t digits) {
  if (position + digits > text.size()) return std::nullopt;
  int value = 0;
  const char* begin = text.data() + position;
  const auto [end, error] = std::from_chars(begin, begin + digits, value);
  if (error != std::errc() || end != begin + digits || value < 0) return std::nullopt;
  position += digits;
  return value;
}

bool Skip(std::string_view text, std::size_t& position, char wanted) {
  if (position >= text.size() || text[position] != wanted) return false;
  ++position;
  return true;
}

// "2026-03-31T02:00:05" as a moment in UTC.
std::optional<UtcTime> DateAndTime(std::string_view text, std::size_t& position) {
  std::tm broken{};
  int* const parts[] = {&broken.tm_year, &broken.tm_mon, &broken.tm_mday,
                        &broken.tm_hour, &broken.tm_min, &broken.tm_sec};
  constexpr std::string_view kSeparators = "--T::";
  for (std::size_t i = 0; i < 6; ++i) {
    const auto value = Number(text, position, i == 0 ? 4 : 2);
    if (!value || (i < 5 && !Skip(text, position, kSeparators[i]))) return std::nullopt;
    *parts[i] = *value;
  }
  if (broken.tm_mon < 1 || broken.tm_mon > 12 || broken.tm_mday < 1 || broken.tm_mday > 31 ||
      broken.tm_hour > 23 || broken.tm_min > 59 || broken.tm_sec > 60) {
    return std::nullopt;
  }
  broken.tm_year -= 1900;
  broken.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(::timegm(&broken));
}

milliseconds Fraction(std::string_view text, std::size_t& position) {
  if (!Skip(text, position, '.')) return milliseconds(0);
  int value = 0;
  int scale = 100;
  for (; position < text.size() && text[position] >= '0' && text[position] <= '9'; ++position) {
    value += (text[position] - '0') * scale;
    scale /= 10;
  }
  return milliseconds(value);
}

// "Z", "+02:00".
std::optional<std::chrono::minutes> Offset(std::string_view text, std::size_t& position) {
  if (Skip(text, position, 'Z')) return std::chrono::minutes(0);
  const bool ahead = Skip(text, position, '+');
  if (!ahead && !Skip(text, position, '-')) return std::nullopt;
  const auto hours = Number(text, position, 2);
  if (!hours || !Skip(text, position, ':')) return std::nullopt;
  const auto minutes = Number(text, position, 2);
  if (!minutes) return std::nullopt;
  return std::chrono::minutes((ahead ? 1 : -1) * (*hours * 60 + *minutes));
}

}  // namespace

std::string UtcText(UtcTime moment) {
  const std::int64_t whole = UnixMilliseconds(moment);
  const std::int64_t fraction = ((whole % 1000) + 1000) % 1000;
  const std::time_t seconds = (whole - fraction) / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), fraction);
}

std::optional<UtcTime> ParseUtc(std::string_view text) {
  std::size_t position = 0;
  const auto moment = DateAndTime(text, position);
  if (!moment) return std::nullopt;
  const milliseconds fraction = Fraction(text, position);
  const auto offset = Offset(text, position);
  if (!offset || position != text.size()) return std::nullopt;
  return *moment + fraction - *offset;
}

UtcTime FromUnixMilliseconds(std::int64_t count) { return UtcTime(milliseconds(count)); }

std::int64_t UnixMilliseconds(UtcTime moment) {
  return std::chrono::floor<milliseconds>(moment).time_since_epoch().count();
}

}  // namespace proving_ground
