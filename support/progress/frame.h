// What a terminal shows of a run: a few lines that are drawn anew, over themselves, again and
// again.
//
//   judged    [####--------------------]  12 of 96   11 passed, 1 failed   run 4:12
//   now       F-3 sales   34 s   a coordinator that was killed …
//   fault     kill of sales-coordinator   in effect, 12 s
//   load      [##########--------------]  124 of 300 s   load
//     sales   [########----------------]  212 of 520   10 workers, 2 running, p99 30.0 ms
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/progress/run_progress.h"

namespace proving_ground {

struct Screen {
  std::size_t columns = 80;
  std::size_t lines = 24;
  bool colour = true;  // without it no text carries an escape sequence
};

// Lines without newline: none wider than the screen, and one fewer than it has at the most. What
// does not fit is left out.
std::vector<std::string> DrawFrame(const RunState& state, UtcTime now, const Screen& screen);

// "  4:12  F-1 sales passed after 12.3 s": one line about news, uncut and without colour.
std::string LogLine(const News& news, UtcTime started);
// The same for a screen.
std::string LogLine(const News& news, UtcTime started, const Screen& screen);

}  // namespace proving_ground
