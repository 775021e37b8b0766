#include "support/audit/secrets/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace proving_ground {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kInvalid = 0xFF;

constexpr std::array<uint8_t, 256> Values() {
  std::array<uint8_t, 256> values{};
  values.fill(kInvalid);
  for (uint8_t i = 0; i < kAlphabet.size(); ++i) values[static_cast<uint8_t>(kAlphabet[i])] = i;
  values['-'] = 62;  // alphabet for URLs
  values['_'] = 63;
  return values;
}

constexpr auto kValues = Values();

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view encoded) {
  for (int padding = 0; padding < 2 && encoded.ends_with('='); ++padding) encoded.remove_suffix(1);
  if (encoded.empty() || encoded.size() % 4 == 1) return std::nullopt;
  std::string decoded;
  decoded.reserve(encoded.size() * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : encoded) {
    const uint8_t value = kValues[static_cast<uint8_t>(c)];
    if (value == kInvalid) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded.push_back(static_cast<char>(bits >> count & 0xFF));
    }
  }
  return decoded;
}

std::string EncodeBase64(std::string_view bytes) {
  std::string encoded;
  encoded.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0);
    }
    for (size_t k = 0; k < 4; ++k) {
      encoded.push_back(i + k > bytes.size() ? '=' : kAlphabet[bits >> (18 - 6 * k) & 63]);
    }
  }
  return encoded;
}

bool IsPrintable(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r';
  });
}

}  // namespace proving_ground
