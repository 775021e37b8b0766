// Moments as text: RFC 3339 in UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace proving_ground {

using UtcTime = std::chrono::system_clock::time_point;

// "2026-03-31T02:00:05.123Z".
std::string UtcText(UtcTime moment);
// Takes a fraction of any length, and "Z" or an offset. nullopt for other texts.
std::optional<UtcTime> ParseUtc(std::string_view text);

UtcTime FromUnixMilliseconds(std::int64_t milliseconds);
std::int64_t UnixMilliseconds(UtcTime moment);

}  // namespace proving_ground
