#include "support/audit/finding.h"

#include <fmt/format.h>

namespace proving_ground {
namespace {

// Length of the UTF-8 sequence at the start of `text`; 0 when there is no valid one.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what is beyond Unicode.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

// Characters that change how the text around them is shown: C1 controls (U+0080…9F), zero-width and
// direction marks (U+200B…F, U+2028…E, U+2060…F), the byte order mark.
bool IsInvisible(std::string_view sequence) {
  if (sequence.size() == 1) {
    const auto c = static_cast<unsigned char>(sequence[0]);
    return c < 0x20 || c == 0x7F;
  }
  const auto second = static_cast<unsigned char>(sequence[1]);
  if (sequence.size() == 2) return sequence[0] == '\xC2' && second < 0xA0;
  const auto third = static_cast<unsigned char>(sequence[2]);
  if (sequence[0] == '\xEF') return second == 0xBB && third == 0xBF;
  if (sequence[0] != '\xE2' || sequence.size() != 3) return false;
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE);
  return second == 0x81 && third >= 0xA0 && third <= 0xAF;
}

}  // namespace

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kLow:
      return "low";
    case Severity::kMedium:
      return "medium";
    case Severity::kHigh:
      return "high";
    case Severity::kCritical:
      return "critical";
  }
  return "unknown";
}

std::string PlaceText(const Place& place) {
  std::string text = ShownText(place.service.empty() ? place.object : place.service);
  if (!place.service.empty() && !place.object.empty()) text += " " + ShownText(place.object);
  if (!place.file.empty()) {
    text += place.line > 0 ? fmt::format(" ({}:{})", place.file, place.line)
                           : fmt::format(" ({})", place.file);
  }
  if (!place.field.empty()) text += " " + ShownText(place.field, 200);
  return text;
}

std::string ShownText(std::string_view text, std::size_t limit) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    if (shown.size() + sequence.size() > limit) return shown + "…";
    shown += length == 0 || IsInvisible(sequence) ? "?" : sequence;
    text.remove_prefix(sequence.size());
  }
  return shown;
}

}  // namespace proving_ground
