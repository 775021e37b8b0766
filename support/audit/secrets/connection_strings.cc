#include "support/audit/secrets/connection_strings.h"

#include <algorithm>
#include <array>
#include <string>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

constexpr size_t kReach = 512;
constexpr std::string_view kUrlRule = "password-in-url";

constexpr std::array<std::string_view, 9> kLiterals = {
    "://", "@tcp(", "@unix(", ":thin:", ":5432:", ":*:", ":6432:", ":5433:", "%3a%2f%2f"};

void Add(const Text& text, std::string_view value, std::string_view rule, Confidence confidence,
         std::vector<Candidate>& found) {
  const auto begin = static_cast<size_t>(value.data() - text.bytes.data());
  found.push_back({rule, begin, begin + value.size(), confidence, Specificity::kContext});
}

bool EndsUrl(char c) {
  return IsSpace(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\' ||
         c == '\0';
}

// The part between `://` and the host, without the @; empty if there is none. Passwords may hold
// what ought to be encoded, so the last @ before the path counts.
std::string_view UserInfo(std::string_view text, size_t begin) {
  const size_t limit = std::min(text.size(), begin + kReach);
  size_t end = begin;
  while (end < limit && !EndsUrl(text[end])) ++end;
  const std::string_view rest = text.substr(begin, end - begin);
  const size_t first = rest.find('@');
  if (first == std::string_view::npos) return {};
  const size_t path = std::min(rest.find_first_of("/?,", first), rest.size());
  const size_t last = rest.substr(0, path).rfind('@');
  if (last + 1 >= rest.size()) return {};
  return rest.substr(0, last);
}

// Documentation writes user:password@host.
bool IsExampleUser(std::string_view user, std::string_view password) {
  static const Pattern kUser(
      "(?i)(?:(?:my_?|your_?|db_?|some)?(?:user(?:name)?|usr|login|foo|me))?");
  static const Pattern kPassword(
      "(?i)(?:my_?|your_?|db_?|some)?(?:pass(?:word|wd)?|pwd|pw|secret|bar)");
  return Matches(kUser, user) && Matches(kPassword, password);
}

void InspectUrl(const Text& text, size_t begin, std::vector<Candidate>& found) {
  const std::string_view info = UserInfo(text.bytes, begin);
  if (info.empty()) return;
  const size_t colon = info.find(':');
  const std::string_view user = info.substr(0, colon);
  if (colon == std::string_view::npos) {
    // https://token@host; Sentry's are public by design.
    if (IsRandom(user) && !IsUuid(user) && user.find('/') == std::string_view::npos &&
        text.bytes.substr(begin, kReach).find("sentry") == std::string_view::npos) {
      Add(text, user, kUrlRule, Confidence::kMedium, found);
    }
    return;
  }
  const std::string_view password = info.substr(colon + 1);
  static const Pattern kPort(R"(\d{1,5}(?:/.*)?|[^/]*/.*[/@].*)");
  const bool ldap =
      begin >= 8 && text.bytes.substr(begin - 8, 5).find("ldap") != std::string_view::npos;
  if (user.find_first_of(ldap ? "/?#&" : "/?#&=") != std::string_view::npos ||
      IsExampleUser(user, password) ||
      (password.find('/') != std::string_view::npos && Matches(kPort, password))) {
    return;
  }
  std::string_view value = password;
  if (value.starts_with("${") || value.starts_with("$(")) {
    // user:${PASSWORD:-default}@host
    const size_t mark = value.find(":-");
    if (mark == std::string_view::npos || !value.ends_with('}')) return;
    value = value.substr(mark + 2, value.size() - mark - 3);
  }
  const auto confidence = JudgePassword(value, text.kind);
  if (!confidence) return;
  const bool weak = IsWellKnownPassword(value);
  Add(text, value, weak ? kWeakPasswordRule : kUrlRule,
      *confidence == Confidence::kMedium ? Confidence::kHigh : *confidence, found);
}

// user:password before @tcp( and @unix(.
void InspectBefore(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"(([\w.-]+):([^\s"'`]{1,128})$)");
  const size_t begin = at > 160 ? at - 160 : 0;
  re2::StringPiece user, password;
  if (!RE2::PartialMatch(Piece(text.bytes.substr(begin, at - begin)), kPattern, &user, &password))
    return;
  if (IsExampleUser(View(user), View(password))) return;
  const auto confidence = JudgePassword(View(password), text.kind);
  if (confidence) Add(text, View(password), kUrlRule, *confidence, found);
}

void InspectOracle(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"([\w.$-]+/([^\s"'@]{1,128})@)");
  re2::StringPiece rest = Piece(text.bytes.substr(at, 256)), password;
  if (!RE2::Consume(&rest, kPattern, &password)) return;
  const auto confidence = JudgePassword(View(password), text.kind);
  if (confidence) Add(text, View(password), kUrlRule, *confidence, found);
}

// host:port:database:user:password
void InspectPgpass(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(
      R"((?:echo\s+(?:-\w+\s+)?)?["']?(?:[\w.*-]+|\[[0-9a-f:]+\]):(?:\d{2,5}|\*):[^:\s]+:[^:\s]+:((?:\\.|[^:\\\s"'])+)(?:["'\s].*)?)");
  const Line line = LineAround(text.bytes, at, kReach);
  const std::string_view whole = Trim(text.bytes.substr(line.begin, line.end - line.begin));
  const size_t command = whole.rfind("echo ", at - line.begin);
  re2::StringPiece password;
  if (!RE2::FullMatch(Piece(command == std::string_view::npos ? whole : whole.substr(command)),
                      kPattern, &password)) {
    return;
  }
  const auto confidence = JudgePassword(View(password), text.kind);
  if (confidence) Add(text, View(password), "pgpass-password", Confidence::kHigh, found);
}

// postgres%3A%2F%2Fuser%3Apassword%40host
void InspectEncodedUrl(const Text& text, size_t begin, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"((?i)[\w.-]*%3a([\w.~!*%-]{1,128}?)%40[\w.-]+)");
  re2::StringPiece rest = Piece(text.bytes.substr(begin, 256)), password;
  if (!RE2::Consume(&rest, kPattern, &password)) return;
  const auto confidence = JudgePassword(View(password), text.kind);
  if (confidence) Add(text, View(password), kUrlRule, *confidence, found);
}

}  // namespace

std::vector<std::string_view> ConnectionStringRecognizer::Literals() const {
  return {kLiterals.begin(), kLiterals.end()};
}

void ConnectionStringRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                                         std::vector<Candidate>& found) const {
  const size_t after = at + kLiterals[literal].size();
  switch (literal) {
    case 0:
      return InspectUrl(text, after, found);
    case 1:
    case 2:
      return InspectBefore(text, at, found);
    case 3:
      return InspectOracle(text, after, found);
    case 8:
      return InspectEncodedUrl(text, after, found);
    default:
      return InspectPgpass(text, at, found);
  }
}

}  // namespace proving_ground
