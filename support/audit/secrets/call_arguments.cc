#include "support/audit/secrets/call_arguments.h"

#include <algorithm>
#include <array>
#include <optional>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/secret_name.h"

namespace proving_ground {
namespace {

constexpr size_t kReach = 512;  // bytes of the arguments that are looked at
constexpr size_t kMaxName = 96;
constexpr size_t kMaxArguments = 12;

// What stands in the names of calls that take secrets.
constexpr std::array<std::string_view, 9> kParts = {"password",   "passwd",     "passphrase",
                                                    "keystore",   "truststore", "pkcs12",
                                                    "credential", "secret",     "jwt."};
constexpr std::string_view kHmac = "createhmac";

bool IsCallCharacter(char c) {
  return IsAlphanumeric(c) || c == '_' || c == '.' || c == ':' || c == '>' || c == '-';
}

struct Stretch {
  size_t begin;
  size_t end;
};

// The arguments of a call, from behind its parenthesis on; those that reach too far are left out.
std::vector<Stretch> Arguments(std::string_view text, size_t at) {
  std::vector<Stretch> arguments;
  const size_t limit = std::min(text.size(), at + kReach);
  size_t begin = at;
  int depth = 0;
  for (; at < limit && arguments.size() < kMaxArguments; ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'' || c == '`') {
      size_t close = at + 1;
      while (close < limit && text[close] != c && text[close] != '\n') {
        close += text[close] == '\\' ? 2 : 1;
      }
      if (close >= limit || text[close] != c) return arguments;
      at = close;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ',' && depth == 0) {
      arguments.push_back({begin, at});
      begin = at + 1;
    } else if ((c == ')' || c == ']' || c == '}') && depth-- == 0) {
      arguments.push_back({begin, at});
      return arguments;
    }
  }
  return arguments;
}

// What is between the quotes of an argument that is nothing but a text, converted or not.
struct Literal {
  std::string_view value;
  bool converted = false;  // "…".toCharArray(), as passwords are handed over in Java
};
std::optional<Literal> LiteralOf(std::string_view argument) {
  static const Pattern kLiteral(
      R"re((?s)\s*(?:[bBuUrR@]{0,2})(?:"([^"\n]+)"|'([^'\n]+)'|`([^`\n]+)`)(\.(?i:toCharArray|getBytes|encode|as_bytes|into|to_string|to_owned)\([^()]*\))?\s*)re");
  re2::StringPiece values[3];
  re2::StringPiece conversion;
  if (!RE2::FullMatch(Piece(argument), kLiteral, &values[0], &values[1], &values[2], &conversion)) {
    return std::nullopt;
  }
  for (const re2::StringPiece& value : values) {
    if (!value.empty()) return Literal{View(value), !conversion.empty()};
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> CallRecognizer::Literals() const {
  std::vector<std::string_view> literals(kParts.begin(), kParts.end());
  literals.push_back(kHmac);
  return literals;
}

void CallRecognizer::Inspect(const Text& text, size_t /*literal*/, size_t at,
                             std::vector<Candidate>& found) const {
  const std::string_view bytes = text.bytes;
  const size_t lowest = at > kMaxName ? at - kMaxName : 0;
  const size_t highest = std::min(bytes.size(), at + kMaxName);
  size_t end = at;
  while (end < highest && IsCallCharacter(bytes[end])) ++end;
  if (end >= bytes.size() || bytes[end] != '(') return;
  size_t begin = at;
  while (begin > lowest && IsCallCharacter(bytes[begin - 1])) --begin;
  const CallMeaning meaning = MeaningOfCall(bytes.substr(begin, end - begin));
  if (meaning == CallMeaning::kNothing) return;
  const std::vector<Stretch> arguments = Arguments(bytes, end + 1);
  // The last one comes first: users, files and aliases stand before their passwords.
  for (size_t i = arguments.size(); i-- > 0;) {
    const auto literal =
        LiteralOf(bytes.substr(arguments[i].begin, arguments[i].end - arguments[i].begin));
    if (!literal || (i == 0 && !literal->converted)) continue;
    const auto from = static_cast<size_t>(literal->value.data() - bytes.data());
    const auto candidate = JudgeArgument(text, from, from + literal->value.size(), meaning);
    if (!candidate) continue;
    found.push_back(*candidate);
    return;
  }
}

}  // namespace proving_ground
