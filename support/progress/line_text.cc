#include "support/progress/line_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/report/junit.h"

namespace proving_ground {
namespace {

constexpr std::size_t kMostOfLine = 500;  // bytes

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line = XmlText(text, kMostOfLine);
  for (char& c : line) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

std::string Cut(std::string_view text, std::size_t columns) {
  if (Columns(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (BeginsCharacter(text[end]) && ++seen == columns) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string ShortDuration(std::chrono::milliseconds duration) {
  const auto seconds =
      std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(duration).count(), 0);
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace proving_ground
