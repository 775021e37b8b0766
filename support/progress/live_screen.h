// A part of a terminal that is drawn over itself, below lines that stay.
//
//   LiveScreen screen(STDOUT_FILENO);
//   screen.Show({"F-1 sales passed"}, DrawFrame(…));   // the line scrolls up and stays
//
// While one lives the cursor is hidden and long lines do not wrap; its destructor erases the frame
// and gives the terminal back as it was.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/progress/frame.h"

namespace proving_ground {

// Size of the terminal behind a descriptor; 80 by 24 when it does not tell.
Screen ScreenOf(int descriptor, bool colour);

class LiveScreen {
 public:
  explicit LiveScreen(int descriptor);
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  // Writes `lasting` lines above, and `frame` in the place of the frame before. Nothing is written
  // when nothing changed. False when the terminal is gone.
  bool Show(const std::vector<std::string>& lasting, const std::vector<std::string>& frame);

 private:
  const int descriptor_;
  std::vector<std::string> shown_;  // frame
};

// Writes all of it. False when nobody reads any more.
bool WriteAll(int descriptor, const std::string& text);

}  // namespace proving_ground
