#include "support/audit/secrets/private_keys.h"

#include <algorithm>
#include <array>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"

namespace proving_ground {
namespace {

constexpr size_t kMaxKey = 16 * 1024;  // an RSA key of 16384 bits has 12 KiB
constexpr size_t kLeastBody = 40;      // an Ed25519 key in PKCS#8 has 64 characters

constexpr std::array<std::string_view, 3> kLiterals = {"private key", "private-lines:", "\"kty\""};

// Characters of base64 from `at` on, up to a mark of an end. Line ends may be escaped; header lines
// (Proc-Type, Version) are passed over as text.
struct Body {
  size_t characters = 0;
  size_t end = 0;
};

Body ReadBody(std::string_view text, size_t at) {
  Body body{0, at};
  const size_t limit = std::min(text.size(), at + kMaxKey);
  bool dots = false;
  while (at < limit && text.substr(at, 5) != "-----") {
    const char c = text[at];
    if (text.substr(at, 3) == "...") dots = true;
    if (c == '\\' && at + 1 < limit && (text[at + 1] == 'n' || text[at + 1] == 'r')) {
      at += 2;
      continue;
    }
    const bool content = IsAlphanumeric(c) || c == '+' || c == '/' || c == '=';
    const bool between =
        IsSpace(c) || std::string_view(":,-().;@\"'\\|>#").find(c) != std::string_view::npos;
    if (!content && !between) break;
    if (content) ++body.characters;
    ++at;
    if (content) body.end = at;
  }
  if (dots) body.characters = 0;
  return body;
}

void InspectPem(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kBegin(R"(-----BEGIN [A-Z0-9 ]{0,40}$)");
  static const Pattern kRest(R"(PRIVATE KEY(?: BLOCK)?-----)");
  const size_t before = at > 64 ? at - 64 : 0;
  re2::StringPiece rest = Piece(text.bytes.substr(at, 64));
  if (!MatchesPartOf(kBegin, text.bytes.substr(before, at - before)) ||
      !RE2::Consume(&rest, kRest)) {
    return;
  }
  const size_t begin = before + text.bytes.substr(before, at - before).rfind("-----BEGIN");
  const Body body = ReadBody(text.bytes, static_cast<size_t>(rest.data() - text.bytes.data()));
  if (body.characters < kLeastBody) return;
  found.push_back({"private-key", begin, body.end, Confidence::kHigh, Specificity::kFormat});
}

void InspectPutty(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"((?i)private-lines:\s*\d+\s+([A-Za-z0-9+/=\s]{40,}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, kMaxKey)), body;
  if (!RE2::Consume(&rest, kPattern, &body)) return;
  const auto begin = static_cast<size_t>(body.data() - text.bytes.data());
  found.push_back({"private-key", begin, begin + Trim({body.data(), body.size()}).size(),
                   Confidence::kHigh, Specificity::kFormat});
}

// A JSON Web Key is private when it has member "d" (RFC 7518), and secret when its type is "oct".
void InspectJwk(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPrivate(R"(\x22(?:d|k)\x22\s*:\s*\x22([\w-]{20,})\x22)");
  constexpr size_t kMaxObject = kMaxKey / 4;
  const size_t lowest = at > kMaxObject ? at - kMaxObject : 0;
  const size_t open = text.bytes.substr(lowest, at - lowest).rfind('{');
  if (open == std::string_view::npos) return;
  const std::string_view object = text.bytes.substr(lowest + open, kMaxObject);
  const size_t end = std::min(object.find('}'), object.size());
  re2::StringPiece value;
  if (!RE2::PartialMatch(Piece(object.substr(0, end)), kPrivate, &value)) return;
  const auto offset = static_cast<size_t>(value.data() - text.bytes.data());
  found.push_back(
      {"private-key", offset, offset + value.size(), Confidence::kHigh, Specificity::kFormat});
}

}  // namespace

std::vector<std::string_view> PrivateKeyRecognizer::Literals() const {
  return {kLiterals.begin(), kLiterals.end()};
}

void PrivateKeyRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                                   std::vector<Candidate>& found) const {
  switch (literal) {
    case 0:
      return InspectPem(text, at, found);
    case 1:
      return InspectPutty(text, at, found);
    case 2:
      return InspectJwk(text, at, found);
    default:
      return;
  }
}

}  // namespace proving_ground
