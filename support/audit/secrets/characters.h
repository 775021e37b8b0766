// Classes of ASCII characters and small helpers on text, independent of the locale and safe for
// every byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace proving_ground {

constexpr bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }
constexpr bool IsAlphanumeric(char c) { return IsLetter(c) || IsDigit(c); }
constexpr bool IsHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }
constexpr bool IsSpace(char c) { return IsBlank(c) || c == '\n' || c == '\r'; }
constexpr char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::string ToLower(std::string_view text);

// `text` without white space at both ends.
std::string_view Trim(std::string_view text);

// The line of `text` around offset `at`, as [begin, end) without its line end. Looks at no more
// than `reach` bytes in each direction.
struct Line {
  size_t begin;
  size_t end;
};
Line LineAround(std::string_view text, size_t at, size_t reach = 2048);

// Whether a token may begin at offset `at`: nothing before it that would belong to the same word.
// Escapes such as `\n` and `%3D` in front of it do not belong to it.
bool IsTokenStart(std::string_view text, size_t at);

}  // namespace proving_ground
