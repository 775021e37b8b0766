#include "support/audit/secrets/token_formats.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

constexpr size_t kMaxToken = 4096;
constexpr size_t kMaxHead = 128;

// `ghp_xxxxxxxx`, `AKIAIOSFODNN7EXAMPLE`: has the format and is none.
bool IsSample(std::string_view variable_part) {
  std::array<bool, 256> seen{};
  for (const char c : variable_part) seen[static_cast<unsigned char>(ToLower(c))] = true;
  // Identifiers of programs begin like tokens at times: test_reads_configuration_of_workers.
  const bool words = std::all_of(variable_part.begin(), variable_part.end(), [](char c) {
    return IsLower(c) || c == '_' || c == '-' || c == '.';
  });
  return words || IsReadable(variable_part) || std::count(seen.begin(), seen.end(), true) < 6 ||
         IsPlaceholder(variable_part);
}

}  // namespace

struct TokenRecognizer::Compiled {
  Compiled(const TokenFormat& format, std::string lower_literal)
      : format(format),
        literal(std::move(lower_literal)),
        tail("(?:" + std::string(format.tail) + ")") {
    if (!format.head.empty()) {
      head.emplace("(" + std::string(format.head) + ")$");
    }
  }

  TokenFormat format;
  std::string literal;
  Pattern tail;
  std::optional<Pattern> head;
};

TokenRecognizer::TokenRecognizer() {
  for (const auto formats :
       {CloudTokenFormats(), CodeTokenFormats(), ServiceTokenFormats(), HashFormats()}) {
    Add(formats);
  }
}

TokenRecognizer::~TokenRecognizer() = default;

void TokenRecognizer::Add(std::span<const TokenFormat> formats) {
  for (const TokenFormat& format : formats) {
    formats_.push_back(std::make_unique<Compiled>(format, ToLower(format.literal)));
  }
}

std::vector<std::string_view> TokenRecognizer::Literals() const {
  std::vector<std::string_view> literals;
  for (const auto& format : formats_) literals.push_back(format->literal);
  return literals;
}

void TokenRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                              std::vector<Candidate>& found) const {
  const Compiled& compiled = *formats_[literal];
  const std::string_view bytes = text.bytes;
  if (!bytes.substr(at).starts_with(compiled.format.literal)) return;
  if (!compiled.head && !IsTokenStart(bytes, at)) return;
  size_t begin = at;
  if (compiled.head) {
    const size_t lowest = at > kMaxHead ? at - kMaxHead : 0;
    re2::StringPiece head;
    if (!RE2::PartialMatch(Piece(bytes.substr(lowest, at - lowest)), *compiled.head, &head)) return;
    begin = at - head.size();
    if (IsAlphanumeric(bytes[begin]) && !IsTokenStart(bytes, begin)) return;
  }
  re2::StringPiece rest = Piece(bytes.substr(at + compiled.format.literal.size(), kMaxToken));
  if (!RE2::Consume(&rest, compiled.tail)) return;
  const auto end = static_cast<size_t>(rest.data() - bytes.data());
  if (end < bytes.size() && end > begin && (IsAlphanumeric(bytes[end]) || bytes[end] == '_') &&
      IsAlphanumeric(bytes[end - 1])) {
    return;  // longer than the format allows
  }
  const size_t literal_end = at + compiled.format.literal.size();
  const std::string variable = std::string(bytes.substr(begin, at - begin)) +
                               std::string(bytes.substr(literal_end, end - literal_end));
  if (IsSample(variable)) return;
  found.push_back({compiled.format.rule, begin, end, Confidence::kHigh, Specificity::kFormat});
}

}  // namespace proving_ground
