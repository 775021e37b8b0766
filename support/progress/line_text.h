// Texts for lines of a terminal or a log.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace proving_ground {

// One line of valid UTF-8: without control characters, so that no text moves the cursor, changes
// colours or begins another line; at most some hundred bytes.
std::string OneLine(std::string_view text);

// How many columns a text without control characters takes: one a character.
std::size_t Columns(std::string_view text);

// The first `columns` columns; "…" is the last where something was cut off.
std::string Cut(std::string_view text, std::size_t columns);

// "34 s", "4:12", "1:02:33"; "0 s" for negative ones: clocks of processes differ a little.
std::string ShortDuration(std::chrono::milliseconds duration);

}  // namespace proving_ground
