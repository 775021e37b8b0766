// Follows a run while it goes on, and shows what it does: `harness watch`.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace proving_ground {

// Where the view goes, and what the environment says about it (empty: not set).
struct Output {
  bool terminal = false;
  std::string ci;        // CI
  std::string no_color;  // NO_COLOR
  std::string term;      // TERM
};

// A live view needs a terminal that can move its cursor, and somebody who looks at it.
bool WantsLiveView(const Output& output);
bool WantsColour(const Output& output);

struct WatchOptions {
  std::filesystem::path run_folder;
  int descriptor = 1;   // of the output
  bool live = false;    // a frame that is drawn over itself; else lines
  bool colour = false;  // of the live view; lines have none
  pid_t process = 0;    // end when it has ended; 0: when the run has
  std::chrono::milliseconds look_every{250};
  std::chrono::milliseconds status_every{30'000};  // of lines: how often one tells the status
  // End when nothing was written for so long: whoever wrote is gone.
  std::chrono::milliseconds give_up_after{1'800'000};
};

// Shows the run until it has ended, nobody reads any more, or a signal arrives; what was written
// until then is shown. Texts are shown without the stack's secrets, as in reports. Throws
// EnvironmentError when the folder cannot be read.
void Watch(const WatchOptions& options);

}  // namespace proving_ground
