#include <cstdint>

#include "support/report/junit.h"

namespace proving_ground {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kCut = "… (cut)";

struct Decoded {
  std::uint32_t point = 0;
  std::size_t length = 0;  // 0: no valid sequence begins here
};

std::uint32_t Byte(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// The first character of a text that is not empty.
Decoded Decode(std::string_view text) {
  const std::uint32_t first = Byte(text, 0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  std::uint32_t point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((Byte(text, i) & 0xC0U) != 0x80) return {};
    point = point << 6U | (Byte(text, i) & 0x3FU);
  }
  constexpr std::uint32_t kFewest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kFewest[length] || surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

// Characters that XML escapes take up to six bytes.
std::size_t Cost(std::string_view piece) {
  const bool escaped =
      piece.size() == 1 && std::string_view("&<>\"'").find(piece[0]) != std::string_view::npos;
  return escaped ? 6 : piece.size();
}

bool IsAllowed(std::uint32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n';
  return point != 0x7F && !(point >= 0x80 && point < 0xA0) && point != 0xFFFE && point != 0xFFFF;
}

}  // namespace

std::string XmlText(std::string_view text, std::size_t limit) {
  std::string shown;
  std::size_t cost = 0;
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    const std::size_t length = decoded.length == 0 ? 1 : decoded.length;
    const std::string_view piece = decoded.length == 0        ? kReplacement
                                   : IsAllowed(decoded.point) ? text.substr(0, length)
                                                              : std::string_view();
    cost += Cost(piece);
    if (cost > limit) return shown + std::string(kCut);
    shown += piece;
    text.remove_prefix(length);
  }
  return shown;
}

}  // namespace proving_ground
