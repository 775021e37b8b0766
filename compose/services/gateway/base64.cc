#include "compose/services/gateway/base64.h"

#include <array>
#include <cstdint>

namespace platform {
namespace {

constexpr std::int8_t kInvalid = -1;

constexpr std::array<std::int8_t, 256> DecodingTable(char character62, char character63) {
  std::array<std::int8_t, 256> table{};
  table.fill(kInvalid);
  for (int i = 0; i < 26; ++i) {
    table['A' + i] = static_cast<std::int8_t>(i);
    table['a' + i] = static_cast<std::int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) table['0' + i] = static_cast<std::int8_t>(52 + i);
  table[static_cast<unsigned char>(character62)] = 62;
  table[static_cast<unsigned char>(character63)] = 63;
  return table;
}

constexpr auto kStandard = DecodingTable('+', '/');
constexpr auto kUrl = DecodingTable('-', '_');

std::optional<std::string> Decode(std::string_view text,
                                  const std::array<std::int8_t, 256>& table) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string decoded;
  decoded.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int pending = 0;
  for (const char c : text) {
    const std::int8_t value = table[static_cast<unsigned char>(c)];
    if (value == kInvalid) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    pending += 6;
    if (pending >= 8) {
      pending -= 8;
      decoded += static_cast<char>(bits >> pending & 0xFF);
    }
  }
  if ((bits & ((1U << pending) - 1)) != 0) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::string> DecodeBase64Url(std::string_view text) { return Decode(text, kUrl); }

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return Decode(text, kStandard);
}

}  // namespace platform
