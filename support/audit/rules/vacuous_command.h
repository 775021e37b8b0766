// Commands that succeed whatever they were meant to look at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace proving_ground::audit {

// Whether a command can end with another status than 0, as far as its text tells: `true`,
// `curl … || true`, `curl …; exit 0`, `server --version` and `sh -c "exit 0"` cannot. What is not
// understood (loops, functions, scripts) can.
bool ShellTextCanFail(std::string_view text);
// Words of a command without a shell, or with one (`sh -c …`).
bool WordsCanFail(const std::vector<std::string>& words);

}  // namespace proving_ground::audit
