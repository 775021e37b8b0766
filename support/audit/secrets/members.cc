#include "support/audit/secrets/members.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "support/audit/secrets/assignment.h"
#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/secret_name.h"

namespace proving_ground {
namespace {

constexpr size_t kReach = 2048;  // bytes of a mapping that are looked at
constexpr size_t kMaxMembers = 64;
constexpr size_t kMaxName = 96;

// Names of mappings end with these, whatever they are made of.
constexpr std::array<std::string_view, 9> kEndings = {"secret",   "credential", "creds",
                                                      "password", "passwd",     "passphrase",
                                                      "passcode", "token",      "keys"};

bool EndsName(std::string_view text, size_t at) {
  return at >= text.size() || !(IsAlphanumeric(text[at]) || text[at] == '_' || text[at] == '-');
}

class Members {
 public:
  Members(const Text& text, NameSpan holder, NameMeaning meaning, std::vector<Candidate>& found)
      : text_(text),
        bytes_(text.bytes),
        holder_(holder),
        meaning_(meaning),
        found_(found),
        limit_(std::min(bytes_.size(), holder.end + kReach)),
        window_(bytes_.substr(0, limit_)) {}

  void Find() {
    size_t at = holder_.end;
    const size_t quote = QuoteSize(bytes_, at);
    const bool quoted =
        quote > 0 && holder_.begin >= quote && QuoteSize(bytes_, holder_.begin - quote) == quote;
    if (quote > 0 && !quoted) return;
    const size_t begin = holder_.begin - (quoted ? quote : 0);
    at += quote;
    const char before = begin > 0 ? bytes_[begin - 1] : '\n';
    if (Has(at, ">") && before == '<') return Elements(at + 1);
    if (Has(at, "]") && before == '[' && !quoted && EndsLine(at + 1)) {
      if (LineAround(bytes_, begin, kMaxName).begin == begin - 1) Section(at + 1);
      return;
    }
    if (quoted && Has(at, "]")) ++at;
    at = SkipBlanks(at);
    size_t joint = 0;
    for (const std::string_view sign : {"=>", ":=", ":", "="}) {
      if (joint == 0 && Has(at, sign)) joint = sign.size();
    }
    const bool colon = joint == 1 && bytes_[at] == ':';
    size_t value = SkipBlanks(at + joint);
    // JSON as the value of a variable.
    if (const size_t mark = joint > 0 ? QuoteSize(bytes_, value) : 0;
        mark > 0 && (Has(value + mark, "{") || Has(value + mark, "["))) {
      value += mark;
    }
    if (Has(value, "{") && !Has(value, "{{")) return Flow(value + 1);
    if (joint > 0 && Has(value, "[") && !Has(value, "[[")) return Flow(value + 1);
    if (colon && EndsLine(value)) Block(begin, value);
  }

 private:
  bool Has(size_t at, std::string_view what) const {
    return at <= bytes_.size() && bytes_.substr(at).starts_with(what);
  }

  size_t SkipBlanks(size_t at) const {
    while (at < limit_ && IsBlank(bytes_[at])) ++at;
    return at;
  }

  size_t SkipSpace(size_t at) const {
    while (at < limit_ && IsSpace(bytes_[at])) ++at;
    return at;
  }

  size_t EndOfLine(size_t at) const {
    return std::min(window_.find('\n', std::min(at, limit_)), limit_);
  }

  // Nothing but blanks or a comment follows.
  bool EndsLine(size_t at) const {
    at = SkipBlanks(at);
    return at >= limit_ || bytes_[at] == '\n' || bytes_[at] == '\r' || bytes_[at] == '#' ||
           bytes_[at] == ';';
  }

  void Judge(NameSpan name) {
    const std::string_view member = bytes_.substr(name.begin, name.end - name.begin);
    if (member.empty() || member.size() > kMaxName || !MayBeMember(member, meaning_)) return;
    const auto assignment = ParseAssignment(text_, name);
    if (assignment) Judge(*assignment, meaning_);
  }

  void Judge(const Assignment& member, NameMeaning meaning) {
    if (const auto candidate = JudgeMember(text_, member, meaning)) found_.push_back(*candidate);
  }

  // An element without a name, up to `end`.
  void JudgeItem(size_t begin, size_t end) {
    const size_t quote = QuoteSize(bytes_, begin);
    while (end > begin && (IsSpace(bytes_[end - 1]) || bytes_[end - 1] == ',')) --end;
    if (end < begin + 2 * quote + 1) return;
    if (quote > 0 && QuoteSize(bytes_, end - quote) != quote) return;
    Assignment item;
    item.begin = begin + quote;
    item.end = end - quote;
    item.joint = Joint::kColon;
    item.quoted = quote > 0;
    // Lists hold names of secrets more often than secrets.
    Judge(item, meaning_ == NameMeaning::kPassword ? meaning_ : NameMeaning::kPossible);
  }

  // Lines that are indented below the line of the holder, which begins at `begin`.
  void Block(size_t begin, size_t at) {
    const Line line = LineAround(bytes_, begin, kMaxName);
    const std::string_view prefix = bytes_.substr(line.begin, begin - line.begin);
    if (prefix.find_first_not_of(" \t-") != std::string_view::npos) return;
    const size_t parent = prefix.size();
    const bool listed = prefix.find('-') != std::string_view::npos;
    std::optional<size_t> depth;
    for (size_t members = 0; members < kMaxMembers;) {
      at = EndOfLine(at) + 1;
      if (at >= limit_) return;
      const size_t first = SkipBlanks(at);
      if (first >= limit_) return;
      if (bytes_[first] == '\n' || bytes_[first] == '\r' || bytes_[first] == '#') continue;
      const size_t column = first - at;
      const bool item = Has(first, "- ");
      if (column < parent || (column == parent && (!item || listed))) return;
      if (!depth) depth = column;
      if (column < *depth) return;
      if (column > *depth) continue;  // a child of a child
      ++members;
      if (item) {
        const size_t value = SkipBlanks(first + 2);
        const size_t end = EndOfItem(value);
        if (!HoldsPair(bytes_.substr(value, end - value))) JudgeItem(value, end);
      } else {
        const NameSpan name = NameAt(first);
        if (IsJoined(name.end + QuoteSize(bytes_, first))) Judge(name);
      }
    }
  }

  size_t EndOfItem(size_t at) const {
    const size_t end = EndOfLine(at);
    const size_t comment = bytes_.substr(at, end - at).find(" #");
    return comment == std::string_view::npos ? end : at + comment;
  }

  static bool HoldsPair(std::string_view item) {
    return item.find(": ") != std::string_view::npos || item.ends_with(':');
  }

  // What stands before a joint.
  NameSpan NameAt(size_t at) const {
    if (const size_t quote = QuoteSize(bytes_, at); quote > 0) {
      const size_t end = window_.find(bytes_.substr(at, quote), at + quote);
      if (end == std::string_view::npos || end > at + kMaxName) return {at, at};
      return {at + quote, end};
    }
    size_t end = at;
    while (end < limit_ && end < at + kMaxName && !IsSpace(bytes_[end]) &&
           std::string_view(":=,{}[]()<>\"'").find(bytes_[end]) == std::string_view::npos) {
      ++end;
    }
    return {at, end};
  }

  bool IsJoined(size_t at) const {
    at = SkipBlanks(at);
    return Has(at, ":") || Has(at, "=");
  }

  // Elements between braces or brackets, by name or without.
  void Flow(size_t at) {
    for (size_t members = 0; members < kMaxMembers; ++members) {
      at = SkipSpace(at);
      while (Has(at, ",")) at = SkipSpace(at + 1);
      while (at < limit_ && (Has(at, "#") || Has(at, "//"))) at = SkipSpace(EndOfLine(at));
      if (at >= limit_ || std::string_view("}])").find(bytes_[at]) != std::string_view::npos) {
        return;
      }
      const NameSpan name = NameAt(at);
      const size_t quote = QuoteSize(bytes_, at);
      const size_t after = name.end + quote;
      const size_t end = EndOfElement(at);
      if (name.end > name.begin && IsJoined(after)) {
        if (IsQuotedValue(after) || text_.kind == TextKind::kComposeFile) Judge(name);
      } else if (quote > 0) {
        JudgeItem(at, end);
      }
      if (end <= at) return;
      at = end;
    }
  }

  // In programs and JSON what has no quotes is no text.
  bool IsQuotedValue(size_t at) const {
    at = SkipBlanks(at);
    while (at < limit_ && (bytes_[at] == ':' || bytes_[at] == '=' || bytes_[at] == '>')) ++at;
    at = SkipBlanks(at);
    if (at < limit_ && (bytes_[at] == 'b' || bytes_[at] == 'r') && QuoteSize(bytes_, at + 1) > 0) {
      return true;
    }
    return QuoteSize(bytes_, at) > 0;
  }

  // What a quote may begin with.
  static bool MayQuote(char c) {
    return std::string_view("\"'`\\&%").find(c) != std::string_view::npos;
  }

  // Behind the value: at the next comma, line end or closing bracket outside of what it holds.
  size_t EndOfElement(size_t at) const {
    constexpr int kDeepest = 16;  // deeper ones are made to cost time
    int depth = 0;
    while (at < limit_) {
      const char c = bytes_[at];
      const size_t quote = MayQuote(c) ? QuoteSize(bytes_, at) : 0;
      if (quote > 0) {
        const size_t close = window_.find(bytes_.substr(at, quote), at + quote);
        if (close == std::string_view::npos) return limit_;
        at = close + quote;
        continue;
      }
      if ((c == '{' || c == '[' || c == '(') && ++depth > kDeepest) return limit_;
      if ((c == '}' || c == ']' || c == ')') && depth-- == 0) return at;
      if ((c == ',' || c == '\n') && depth == 0) return at;
      ++at;
    }
    return limit_;
  }

  // Lines name = value up to the next section.
  void Section(size_t at) {
    for (size_t members = 0; members < kMaxMembers; ++members) {
      at = EndOfLine(at) + 1;
      if (at >= limit_) return;
      const size_t first = SkipBlanks(at);
      if (Has(first, "[")) return;
      const NameSpan name = NameAt(first);
      if (name.end > name.begin && IsJoined(name.end + QuoteSize(bytes_, first))) Judge(name);
    }
  }

  // <name>value</name>
  void Elements(size_t at) {
    static const Pattern kElement(R"(\s*<([\w.-]{1,96})>[^<]*</[\w.-]+>)");
    re2::StringPiece rest = Piece(bytes_.substr(at, limit_ - std::min(at, limit_)));
    re2::StringPiece name;
    for (size_t members = 0; members < kMaxMembers; ++members) {
      if (!RE2::Consume(&rest, kElement, &name)) return;
      const auto begin = static_cast<size_t>(name.data() - bytes_.data());
      Judge({begin, begin + name.size()});
    }
  }

  const Text& text_;
  std::string_view bytes_;
  NameSpan holder_;
  NameMeaning meaning_;
  std::vector<Candidate>& found_;
  size_t limit_;
  std::string_view window_;  // what is looked at, from the beginning of the text on
};

}  // namespace

std::vector<std::string_view> MemberRecognizer::Literals() const {
  return {kEndings.begin(), kEndings.end()};
}

void MemberRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                               std::vector<Candidate>& found) const {
  size_t end = at + kEndings[literal].size();
  if (end < text.bytes.size() && ToLower(text.bytes[end]) == 's') ++end;
  if (!EndsName(text.bytes, end)) return;
  const NameSpan holder = ExtendName(text.bytes, at, end);
  if (holder.end != end) return;
  const NameMeaning meaning =
      MeaningOfMembers(text.bytes.substr(holder.begin, holder.end - holder.begin));
  if (meaning != NameMeaning::kNothing) Members(text, holder, meaning, found).Find();
}

}  // namespace proving_ground
