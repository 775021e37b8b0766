#include "support/progress/live_screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace proving_ground {
namespace {

// DEC private modes 25 (cursor is shown) and 7 (long lines wrap).
constexpr const char* kTake = "\x1b[?25l\x1b[?7l";
constexpr const char* kGiveBack = "\x1b[?7h\x1b[?25h";

// To the first line of a frame whose last line ends where the cursor is, and away with it.
std::string Erase(std::size_t lines) {
  return lines == 0 ? "" : fmt::format("\x1b[{}A\r\x1b[J", lines);
}

}  // namespace

Screen ScreenOf(int descriptor, bool colour) {
  Screen screen{.colour = colour};
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return screen;
  screen.columns = size.ws_col;
  if (size.ws_row > 0) screen.lines = size.ws_row;
  return screen;
}

bool WriteAll(int descriptor, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

LiveScreen::LiveScreen(int descriptor) : descriptor_(descriptor) { WriteAll(descriptor_, kTake); }

LiveScreen::~LiveScreen() { WriteAll(descriptor_, Erase(shown_.size()) + kGiveBack); }

bool LiveScreen::Show(const std::vector<std::string>& lasting,
                      const std::vector<std::string>& frame) {
  if (lasting.empty() && frame == shown_) return true;
  std::string text = Erase(shown_.size());
  for (const std::string& line : lasting) text += line + "\n";
  for (const std::string& line : frame) text += line + "\n";
  shown_ = frame;
  return WriteAll(descriptor_, text);
}

}  // namespace proving_ground
