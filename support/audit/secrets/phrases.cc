#include "support/audit/secrets/phrases.h"

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

constexpr size_t kReach = 512;
constexpr std::string_view kGap = R"((?:[^\n;|&]|\\\r?\n|,\s*\n|\n\s*-\s)*?)";
constexpr std::string_view kSeparator = R"((?:["',]|[ \t]|\\\r?\n|,\s*\n\s*|\n\s*-\s+)+)";
constexpr std::string_view kValue =
    R"((?:\\?'([^'\n]+?)\\?'|\\?"([^"\n]+?)\\?"|([^\s"'`,;|&<>()\]\\][^\s"'`,;|&<>)\]\\]*)))";

constexpr std::string_view kQuoted = R"((?:\\?'([^'\n]+?)\\?'|\\?"([^"\n]+?)\\?"))";

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string Expanded(std::string_view pattern) {
  std::string text = "(?i)" + std::string(pattern);
  const std::initializer_list<std::pair<std::string_view, std::string_view>> parts = {
      {"{g}", kGap}, {"{s}", kSeparator}, {"{v}", kValue}, {"{q}", kQuoted}};
  for (const auto& [name, part] : parts) {
    text = Replaced(std::move(text), name, part);
  }
  return text;
}

bool IsInComment(const Text& text, std::string_view value) {
  const Line line = LineAround(text.bytes, static_cast<size_t>(value.data() - text.bytes.data()));
  const std::string_view start = Trim(text.bytes.substr(line.begin, line.end - line.begin));
  return start.starts_with('#') || start.starts_with("//");
}

void AddPassword(const Text& text, std::string_view value, std::string_view rule,
                 std::vector<Candidate>& found) {
  if (value.starts_with('-')) return;  // the next option
  // In prose the words after such a phrase are mostly more prose.
  if (text.kind == TextKind::kLog && !IsMixed(value)) return;
  if (!IsMixed(value) && IsInComment(text, value)) return;
  const auto confidence = JudgePassword(value, text.kind);
  if (!confidence) return;
  const auto begin = static_cast<size_t>(value.data() - text.bytes.data());
  found.push_back({IsWellKnownPassword(value) ? kWeakPasswordRule : rule, begin,
                   begin + value.size(), *confidence, Specificity::kContext});
}

constexpr std::array<std::string_view, 9> kReaders = {
    "--password-stdin", "chpasswd",        "sudo -s", "passwd --stdin", "--with-token",
    "secret create",    "passphrase-fd 0", "kinit",   "--pass-stdin"};

}  // namespace

struct PhraseRecognizer::Compiled {
  explicit Compiled(const Phrase& phrase) : phrase(phrase), pattern(Expanded(phrase.pattern)) {
    if (pattern.NumberOfCapturingGroups() > 3) {
      throw std::logic_error("more than one value in phrase " + std::string(phrase.literal));
    }
  }

  Phrase phrase;
  Pattern pattern;
};

PhraseRecognizer::PhraseRecognizer() {
  for (const auto phrases : {CommandPhrases(), ServerPhrases()}) {
    for (const Phrase& phrase : phrases) phrases_.push_back(std::make_unique<Compiled>(phrase));
  }
}

PhraseRecognizer::~PhraseRecognizer() = default;

std::vector<std::string_view> PhraseRecognizer::Literals() const {
  std::vector<std::string_view> literals;
  for (const auto& phrase : phrases_) literals.push_back(phrase->phrase.literal);
  return literals;
}

void PhraseRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                               std::vector<Candidate>& found) const {
  if (!IsTokenStart(text.bytes, at)) return;
  const Compiled& compiled = *phrases_[literal];
  const std::string_view reach = text.bytes.substr(at, kReach);
  std::array<re2::StringPiece, 4>
      groups;  // the whole, and the value in one of three ways to quote it
  if (!compiled.pattern.Match(Piece(reach), 0, reach.size(), RE2::ANCHOR_START, groups.data(),
                              1 + compiled.pattern.NumberOfCapturingGroups())) {
    return;
  }
  for (size_t i = 1; i < groups.size(); ++i) {
    const re2::StringPiece value = groups[i];
    if (value.data() == nullptr || value.empty()) continue;
    AddPassword(text, {value.data(), value.size()}, compiled.phrase.rule, found);
  }
}

std::vector<std::string_view> PipedPasswordRecognizer::Literals() const {
  return {kReaders.begin(), kReaders.end()};
}

void PipedPasswordRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                                      std::vector<Candidate>& found) const {
  static const Pattern kEcho(
      R"((?:echo|printf)\s+(?:-\w+\s+)*(?:["']%s(?:\\n)?["']\s+)?["']?([^\n"'|]+?)(?:\\n)?["']?\s*\|[^\n]*$)");
  static const Pattern kHere(R"([^\n;|]{0,200}?<<<\s*["']?([^\s"']+))");
  const size_t before = LineAround(text.bytes, at, kReach).begin;
  re2::StringPiece value, rest = Piece(text.bytes.substr(at, kReach));
  if (!RE2::PartialMatch(Piece(text.bytes.substr(before, at - before)), kEcho, &value) &&
      !RE2::Consume(&rest, kHere, &value)) {
    return;
  }
  std::string_view password(value.data(), value.size());
  // chpasswd reads lines user:password.
  const size_t colon =
      kReaders[literal] == "chpasswd" ? password.find(':') : std::string_view::npos;
  if (colon != std::string_view::npos) password.remove_prefix(colon + 1);
  AddPassword(text, Trim(password), "piped-password", found);
}

}  // namespace proving_ground
