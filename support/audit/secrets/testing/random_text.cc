#include "support/audit/secrets/testing/random_text.h"

#include "support/audit/secrets/base64.h"

namespace proving_ground {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLowerLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string Join(std::string_view a, std::string_view b) { return std::string(a) + std::string(b); }

}  // namespace

std::string RandomText::Of(std::string_view alphabet, size_t length) {
  std::string text;
  while (text.size() < length) text.push_back(alphabet[Below(alphabet.size())]);
  return text;
}

std::string RandomText::Alphanumeric(size_t length) {
  return Of(Join(Join(kLowerLetters, kUpperLetters), kDigits), length);
}

std::string RandomText::Lower(size_t length) { return Of(Join(kLowerLetters, kDigits), length); }

std::string RandomText::Upper(size_t length) { return Of(Join(kUpperLetters, kDigits), length); }

std::string RandomText::Hex(size_t length) { return Of(Join(kDigits, "abcdef"), length); }

std::string RandomText::UrlSafe(size_t length) {
  return Alphanumeric(length - 1 - length / 8) + Of("-_", 1) + Alphanumeric(length / 8);
}

std::string RandomText::Base64(size_t bytes) {
  std::string raw;
  while (raw.size() < bytes) raw.push_back(static_cast<char>(Below(256)));
  return EncodeBase64(raw);
}

std::string RandomText::Uuid() {
  return Hex(8) + "-" + Hex(4) + "-4" + Hex(3) + "-a" + Hex(3) + "-" + Hex(12);
}

std::string RandomText::Word() {
  static const std::vector<std::string> kWords = {
      "winter",  "falcon",  "copper", "harbor", "meadow", "lantern", "pepper",
      "marble",  "thunder", "velvet", "orchid", "saddle", "walnut",  "canyon",
      "glacier", "pigeon",  "ribbon", "timber", "violin", "zephyr"};
  return OneOf(kWords);
}

}  // namespace proving_ground
