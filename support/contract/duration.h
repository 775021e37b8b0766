// Durations in compose spelling: "300ms", "20s", "1m30s", "1h".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace proving_ground {

// nullopt when `text` is no duration in compose spelling (h, m, s, ms, in that order; no sign).
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

// The shortest spelling that ParseDuration reads back: "1m30s", "250ms", "0s".
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace proving_ground
