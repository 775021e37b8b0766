#include "support/audit/secrets/characters.h"

#include <algorithm>

namespace proving_ground {

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ToLower(c);
  return lower;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

Line LineAround(std::string_view text, size_t at, size_t reach) {
  Line line{at, at};
  const size_t lowest = at > reach ? at - reach : 0;
  const size_t highest = std::min(text.size(), at + reach);
  while (line.begin > lowest && text[line.begin - 1] != '\n') --line.begin;
  while (line.end < highest && text[line.end] != '\n') ++line.end;
  if (line.end > line.begin && text[line.end - 1] == '\r') --line.end;
  return line;
}

bool IsTokenStart(std::string_view text, size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (!IsAlphanumeric(before) && before != '_') return true;
  if (at >= 2 && text[at - 2] == '\\') return before == 'n' || before == 't' || before == 'r';
  return at >= 3 && text[at - 3] == '%' && IsHex(text[at - 2]) && IsHex(before);
}

}  // namespace proving_ground
