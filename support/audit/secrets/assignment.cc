#include "support/audit/secrets/assignment.h"

#include <algorithm>
#include <array>
#include <string>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"

namespace proving_ground {
namespace {

constexpr size_t kMaxName = 96;
constexpr size_t kMaxValue = 4096;
constexpr size_t kMaxGap = 64;  // blanks of aligned columns, indentation of a list

bool IsNameCharacter(char c) { return IsAlphanumeric(c) || c == '_' || c == '.' || c == '-'; }

bool HasAt(std::string_view text, size_t at, std::string_view what) {
  return at <= text.size() && text.substr(at).starts_with(what);
}

size_t SkipBlanks(std::string_view text, size_t at) {
  const size_t limit = std::min(text.size(), at + kMaxGap);
  while (at < limit && IsBlank(text[at])) ++at;
  return at;
}

// "Secret access key", "API key": the words that may stand before the last one, apart.
bool IsPhraseWord(std::string_view word) {
  static constexpr std::array<std::string_view, 17> kWords = {
      "api",     "access",  "secret",  "private",    "auth",    "client",
      "account", "storage", "shared",  "encryption", "signing", "master",
      "app",     "bearer",  "license", "session",    "public"};
  return std::find(kWords.begin(), kWords.end(), ToLower(word)) != kWords.end();
}

class Parser {
 public:
  Parser(const Text& text, NameSpan name) : text_(text.bytes), kind_(text.kind), name_(name) {
    assignment_.name = text_.substr(name.begin, name.end - name.begin);
    while (assignment_.name.starts_with('-') || assignment_.name.starts_with('.')) {
      assignment_.name.remove_prefix(1);
    }
  }

  std::optional<Assignment> Parse() {
    const size_t quote = QuoteSize(text_, name_.end);
    name_is_quoted_ =
        quote > 0 && name_.begin >= quote && QuoteSize(text_, name_.begin - quote) == quote;
    enclosing_quote_ = !name_is_quoted_ && name_.begin > 0 && !IsOption() ? QuoteBefore() : '\0';
    assignment_.starts_line = !IsOption() && StartsLine();
    size_t at = name_.end;
    if (name_is_quoted_) at += quote;
    const std::optional<size_t> value = AfterJoint(at);
    if (!value || !TakeValue(*value)) return std::nullopt;
    return assignment_;
  }

 private:
  bool IsOption() const {
    return text_[name_.begin] == '-' &&
           (name_.begin == 0 || !IsAlphanumeric(text_[name_.begin - 1]));
  }

  char QuoteBefore() const {
    const char before = text_[name_.begin - 1];
    return before == '"' || before == '\'' ? before : '\0';
  }

  bool StartsLine() const {
    static const Pattern kPrefix(
        R"((?i)\s*(?:-\s+|[,{]\s*)?(?:export\s+|set\s+|setx\s+|env\s+|arg\s+|declare -x\s+)?(?:\$env:|\$|@)?(?:\\*["'])?)");
    const Line line = LineAround(text_, name_.begin, kMaxGap);
    return Matches(kPrefix, text_.substr(line.begin, name_.begin - line.begin));
  }

  // Offset of what follows the joint, blanks skipped.
  std::optional<size_t> AfterJoint(size_t at) {
    if (name_.begin >= 2 && text_.substr(name_.begin - 2, 2) == "${") return AfterVariable(at);
    if (const auto value = AfterPair(at)) return value;
    if (const auto value = AfterType(at)) return value;
    if (name_is_quoted_ && HasAt(text_, at, "]")) ++at;
    const size_t mark = SkipBlanks(text_, at);
    for (const std::string_view sign :
         {"=>", ":=", "===", "==", "->", "?=", "+=", "||=", "=", "%3D", "%3d", "\\u003d"}) {
      if (!HasAt(text_, mark, sign)) continue;
      assignment_.joint = Joint::kEquals;
      return SkipBlanks(text_, mark + sign.size());
    }
    if (HasAt(text_, mark, ":") && !HasAt(text_, mark, "::")) return AfterColon(mark + 1);
    if (mark == at && HasAt(text_, at, ">") && OpensElement()) {
      assignment_.joint = Joint::kElement;
      return at + 1;
    }
    if (HasAt(text_, mark, "(")) return AfterParenthesis(mark + 1);
    if (name_is_quoted_ && HasAt(text_, mark, ",") && IsFirstArgument()) {
      assignment_.joint = Joint::kCall;
      return SkipBlanks(text_, mark + 1);
    }
    return AfterBlank(at);
  }

  // ${NAME:-default}
  std::optional<size_t> AfterVariable(size_t at) {
    const bool shell = HasAt(text_, at, ":-") || HasAt(text_, at, ":=");
    // ${NAME:value} is how Spring has it; :? and :+ are no defaults.
    if (!shell && (!HasAt(text_, at, ":") || HasAt(text_, at, ":?") || HasAt(text_, at, ":+"))) {
      return std::nullopt;
    }
    assignment_.joint = Joint::kDefault;
    assignment_.starts_line = false;
    enclosing_quote_ = '\0';
    return at + (shell ? 2 : 1);
  }

  std::optional<size_t> AfterColon(size_t at) {
    assignment_.joint = Joint::kColon;
    const size_t value = SkipBlanks(text_, at);
    // Part of a key, such as team:token:7.
    if (value == at && name_.begin > 0 && text_[name_.begin - 1] == ':') return std::nullopt;
    // A declaration gives the type first: `password: str = "…"`.
    static const Pattern kType(R"([A-Za-z_][\w.<>\[\]?& ]{0,30}=\s*)");
    re2::StringPiece rest = Piece(text_.substr(value, 64));
    if (value > at && RE2::Consume(&rest, kType) && !rest.empty() &&
        (rest[0] == '"' || rest[0] == '\'')) {
      assignment_.joint = Joint::kEquals;
      return static_cast<size_t>(rest.data() - text_.data());
    }
    return value;
  }

  std::optional<size_t> AfterParenthesis(size_t at) {
    assignment_.joint = Joint::kCall;
    const size_t value = SkipBlanks(text_, at);
    return QuoteSize(text_, value) > 0 ? std::optional(value) : std::nullopt;
  }

  bool OpensElement() const {
    const Line line = LineAround(text_, name_.begin, 256);
    const size_t open = text_.substr(line.begin, name_.begin - line.begin).rfind('<');
    return open != std::string_view::npos &&
           text_.substr(line.begin + open, name_.begin - line.begin - open).find('>') ==
               std::string_view::npos &&
           !HasAt(text_, line.begin + open, "</");
  }

  bool IsFirstArgument() const {
    size_t at = name_.begin - QuoteSize(text_, name_.end);
    while (at > 0 && IsBlank(text_[at - 1])) --at;
    return at > 1 && text_[at - 1] == '(' && IsAlphanumeric(text_[at - 2]);
  }

  // {"name": "DB_PASSWORD", "value": "…"}, <add key="Password" value="…">, - name: X \n value: Y,
  // variable "db_password" { default = "…" }.
  std::optional<size_t> AfterPair(size_t at) {
    static const Pattern kAfter(
        R"((?i)(?:\\*["'])?(?:[\s,;]{1,64}|\s*\{\s*(?:(?:type|description|sensitive)\s*=[^\n]*\n\s*){0,3}))"
        R"((?:\\*["'])?(?:(?:parameter|env|secret)?value|val|default)(?:\\*["'])?\s*[:=]\s*)");
    static const Pattern kBefore(
        R"((?i)(?:(?:name|key|variable|var|id|field)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?|variable\s+")$)");
    re2::StringPiece rest = Piece(text_.substr(at, 256));
    const size_t before = name_.begin > 32 ? name_.begin - 32 : 0;
    if (!MatchesPartOf(kBefore, text_.substr(before, name_.begin - before))) {
      return std::nullopt;
    }
    if (!RE2::Consume(&rest, kAfter)) return BeforePair();
    assignment_.joint = Joint::kPair;
    return static_cast<size_t>(rest.data() - text_.data());
  }

  // - value: Y \n name: X, {"value": "Y", "name": "X"}: the value stands before its name.
  std::optional<size_t> BeforePair() {
    static const Pattern kPattern(
        R"((?i)(?:^|[\s{,\[<"'-])(?:\\*["'])?(?:parameter)?value(?:\\*["'])?\s*[:=]\s*)"
        R"(((?:\\*["'])?[^\s"',{}][^\n"']{0,200}(?:\\*["'])?)[ \t]*(?:,|\r?\n|[ \t])\s*)"
        R"((?:\\*["'])?(?:parameter)?(?:name|key|variable|var)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?$)");
    const size_t before = name_.begin > 320 ? name_.begin - 320 : 0;
    re2::StringPiece value;
    if (!RE2::PartialMatch(Piece(text_.substr(before, name_.begin - before)), kPattern, &value)) {
      return std::nullopt;
    }
    assignment_.joint = Joint::kPair;
    assignment_.starts_line = false;
    return static_cast<size_t>(value.data() - text_.data());
  }

  // A variable of a program with its type: apiKey string = "…", api_key: &str = "…".
  std::optional<size_t> AfterType(size_t at) {
    static const Pattern kType(
        R"([ \t]*:?[ \t]*(?:&?(?:'static[ \t]+)?str|[Ss]tring|std::string|\[\]byte|QString|char\[\])\??[ \t]*=[ \t]*)");
    re2::StringPiece rest = Piece(text_.substr(at, kMaxGap));
    if (!RE2::Consume(&rest, kType)) return std::nullopt;
    const auto value = static_cast<size_t>(rest.data() - text_.data());
    if (QuoteSize(text_, value) == 0) return std::nullopt;
    assignment_.joint = Joint::kEquals;
    return value;
  }

  // --name value, also as elements of a list; `name value` at the start of a line; `name is value`.
  std::optional<size_t> AfterBlank(size_t at) {
    if (IsOption()) {
      static const Pattern kGap(R"((?:\\*["'])?(?:\s*,\s*|\s*\n\s*-\s+|[ \t]+(?:\\\r?\n\s*)?))");
      re2::StringPiece rest = Piece(text_.substr(name_.end, kMaxGap * 2));
      if (!RE2::Consume(&rest, kGap)) return std::nullopt;
      assignment_.joint = Joint::kOption;
      return static_cast<size_t>(rest.data() - text_.data());
    }
    static const Pattern kProse(
        R"((?i)[ \t]+(?:is|was|set to|changed to|reset to|will be)(?: now)?:?[ \t]+)");
    re2::StringPiece rest = Piece(text_.substr(at, kMaxGap));
    if (RE2::Consume(&rest, kProse)) {
      assignment_.joint = Joint::kProse;
      return static_cast<size_t>(rest.data() - text_.data());
    }
    const size_t value = SkipBlanks(text_, at);
    if (value == at) return std::nullopt;
    assignment_.joint = Joint::kBlank;
    if (kind_ == TextKind::kLog) assignment_.starts_line = false;
    return value;
  }

  bool TakeValue(size_t at) {
    at = SkipFallback(SkipYamlMarks(at));
    while (HasAt(text_, at, "\"\"\"") || HasAt(text_, at, "'''")) at += 2;
    if (at >= text_.size()) return false;
    size_t prefix = 0;  // of string literals: b"…", r'…', @"…"
    if (std::string_view("brufBRUF@").find(text_[at]) != std::string_view::npos &&
        at + 1 < text_.size() && (text_[at + 1] == '"' || text_[at + 1] == '\'')) {
      prefix = 1;
    }
    const size_t quote = QuoteSize(text_, at + prefix);
    const bool closes_pair = quote == 1 && text_[at] == enclosing_quote_;
    if (quote > 0 && !closes_pair) return TakeQuoted(at + prefix, quote);
    return TakeUnquoted(at);
  }

  // process.env.PASSWORD || "value": what counts when the variable is not set.
  size_t SkipFallback(size_t at) const {
    static const Pattern kFallback(
        R"((?:process\.env|import\.meta\.env|os\.environ|os\.getenv|System\.getenv|ENV|env)\b[^\n,;|?]{0,80}?(?:\|\||\?\?|\?:|\bor\b)\s*)");
    re2::StringPiece rest = Piece(text_.substr(std::min(at, text_.size()), 160));
    if (!RE2::Consume(&rest, kFallback) || rest.empty()) return at;
    const bool quoted = rest[0] == '"' || rest[0] == '\'';
    return quoted ? static_cast<size_t>(rest.data() - text_.data()) : at;
  }

  size_t SkipYamlMarks(size_t at) const {
    static const Pattern kMarks(R"((?:(?:!!\w+|&\w+)[ \t]+)?(?:[|>][-+]?[ \t]*\r?\n[ \t]*)?)");
    if (assignment_.joint != Joint::kColon) return at;
    re2::StringPiece rest = Piece(text_.substr(at, 128));
    RE2::Consume(&rest, kMarks);
    return static_cast<size_t>(rest.data() - text_.data());
  }

  // What stands between backticks with blanks in it is a command.
  bool IsCommand(size_t begin, size_t end) const {
    return text_[begin - 1] == '`' &&
           text_.substr(begin, end - begin).find(' ') != std::string_view::npos;
  }

  bool TakeQuoted(size_t at, size_t quote) {
    const std::string_view mark = text_.substr(at, quote);
    const size_t begin = at + quote;
    const size_t limit = std::min(text_.size(), begin + kMaxValue);
    for (size_t i = begin; i < limit && text_[i] != '\n'; ++i) {
      if (HasAt(text_, i, mark)) {
        if (IsCommand(begin, i)) return false;
        if (HasAt(text_, i - 2, "\\n") && i >= begin + 2) return Take(begin, i - 2, true);
        return Take(begin, i, /*quoted=*/true);
      }
      if (text_[i] == '\\' && quote == 1) ++i;
    }
    return TakeUnquoted(begin);
  }

  bool TakeUnquoted(size_t at) {
    // A comment where a value could stand.
    if ((HasAt(text_, at, "#") || HasAt(text_, at, ";")) && at > 0 && IsBlank(text_[at - 1])) {
      return false;
    }
    const size_t limit = std::min(text_.size(), at + kMaxValue);
    const bool to_end_of_line = assignment_.joint != Joint::kDefault && ReachesEndOfLine();
    size_t end = at;
    while (end < limit && !IsUnquotedEnd(at, end, to_end_of_line)) ++end;
    while (end > at && (IsSpace(text_[end - 1]) || (text_[end - 1] == ',' && !InEnvironment())))
      --end;
    if (!InEnvironment() && assignment_.starts_line && end > at && text_[end - 1] == ';') --end;
    return Take(at, end, /*quoted=*/false);
  }

  bool InEnvironment() const {
    return kind_ == TextKind::kEnvFile || kind_ == TextKind::kEnvironmentEntry ||
           kind_ == TextKind::kLabel;
  }

  bool ReachesEndOfLine() const {
    if (enclosing_quote_ != '\0') return true;  // or the quote
    if (!assignment_.starts_line || name_is_quoted_) return InEnvironment() && name_.begin == 0;
    switch (kind_) {
      case TextKind::kLog:
      case TextKind::kCommandLine:
      case TextKind::kImageHistory:
        return false;
      case TextKind::kShellOrConfigFile:
        return assignment_.joint == Joint::kColon || assignment_.joint == Joint::kBlank ||
               (assignment_.joint == Joint::kEquals && IsBlank(text_[name_.end]));
      default:
        return true;
    }
  }

  bool IsUnquotedEnd(size_t begin, size_t at, bool to_end_of_line) const {
    const char c = text_[at];
    if (c == '\n' || c == '\r' || c == '\0') return true;
    if (enclosing_quote_ != '\0' && c == enclosing_quote_) return true;
    // ${VAR:-some default} and {{ expressions }} are one value.
    const std::string_view before = text_.substr(begin, at - begin);
    if (before.starts_with("${") || before.starts_with("{{") || before.starts_with("$(")) {
      const char close = before[1] == '(' ? ')' : '}';
      return before.size() > 2 && before.find(close) != std::string_view::npos && IsDelimiter(c);
    }
    if (IsBlank(c)) {
      const size_t next = SkipBlanks(text_, at);
      return !to_end_of_line || HasAt(text_, next, "#") || HasAt(text_, next, ";") ||
             HasAt(text_, next, "//") || StartsAnotherPair(next);
    }
    if (enclosing_quote_ != '\0' && (c == ';' || c == '&')) return StartsAnotherPair(at + 1);
    if (to_end_of_line) {
      // The next statement of a program.
      return kind_ == TextKind::kShellOrConfigFile && assignment_.joint == Joint::kEquals &&
             c == ';' && at + 1 < text_.size() && IsSpace(text_[at + 1]);
    }
    if (assignment_.joint == Joint::kElement) return c == '<';
    if (assignment_.joint == Joint::kDefault) return c == '}';
    return IsDelimiter(c);
  }

  bool StartsAnotherPair(size_t at) const {
    static const Pattern kPair(R"(\s?[A-Za-z_][\w ]{0,30}=)");
    re2::StringPiece rest = Piece(text_.substr(at, 40));
    return RE2::Consume(&rest, kPair);
  }

  bool IsDelimiter(char c) const {
    // Alone on its line, or in a list of commands, a value may hold what separates values
    // elsewhere.
    const std::string_view delimiters = assignment_.starts_line && InEnvironment() ? "\n"
                                        : kind_ == TextKind::kCommandLine && IsOption()
                                            ? " \t\"'|"
                                            : " \t\"'`,;&|<>)]}";
    return delimiters.find(c) != std::string_view::npos || (c == '#' && InQuery()) ||
           (c == '\\' && kind_ != TextKind::kEnvFile);
  }

  bool InQuery() const {
    return name_.begin > 0 && (text_[name_.begin - 1] == '?' || text_[name_.begin - 1] == '&');
  }

  bool Take(size_t begin, size_t end, bool quoted) {
    // ODBC: Pwd={va;lue}
    if (!quoted && assignment_.joint == Joint::kEquals && HasAt(text_, begin, "{") && begin > 0 &&
        text_[begin - 1] == '=' && !HasAt(text_, begin, "{{")) {
      const size_t close = text_.substr(begin, kMaxName).find('}');
      if (close != std::string_view::npos) ++begin, end = begin + close - 1;
    }
    assignment_.begin = begin;
    assignment_.end = end;
    assignment_.quoted = quoted;
    return end > begin;
  }

  std::string_view text_;
  TextKind kind_;
  NameSpan name_;
  Assignment assignment_;
  bool name_is_quoted_ = false;
  char enclosing_quote_ = '\0';  // around name and value together
};

}  // namespace

size_t QuoteSize(std::string_view text, size_t at) {
  size_t size = 0;
  while (size < 7 && HasAt(text, at + size, "\\")) ++size;
  if (at + size < text.size()) {
    const char c = text[at + size];
    if (c == '"' || c == '\'' || (c == '`' && size == 0)) return size + 1;
  }
  if (size > 0) return 0;
  for (const std::string_view quote : {"&quot;", "&#34;", "&#39;", "%22", "%27"}) {
    if (HasAt(text, at, quote)) return quote.size();
  }
  return 0;
}

NameSpan ExtendName(std::string_view text, size_t begin, size_t end) {
  const size_t lowest = begin > kMaxName ? begin - kMaxName : 0;
  const size_t highest = std::min(text.size(), end + kMaxName);
  while (end < highest && IsNameCharacter(text[end])) ++end;
  while (begin > lowest && IsNameCharacter(text[begin - 1])) --begin;
  while (begin > lowest && text[begin - 1] == ' ') {
    size_t word = begin - 1;
    while (word > lowest && IsLetter(text[word - 1])) --word;
    if (!IsPhraseWord(text.substr(word, begin - 1 - word))) break;
    begin = word;
  }
  return {begin, end};
}

std::optional<Assignment> ParseAssignment(const Text& text, NameSpan name) {
  if (name.end >= text.bytes.size() || name.begin >= name.end) return std::nullopt;
  return Parser(text, name).Parse();
}

}  // namespace proving_ground
