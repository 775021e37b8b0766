#include "support/audit/rules/vacuous_command.h"

#include <algorithm>
#include <array>
#include <optional>

namespace proving_ground::audit {
namespace {

// Say something, or nothing, and end with 0.
constexpr std::array<std::string_view, 16> kNeverFail = {
    "true",   ":",   "echo", "printf", "sleep",    "date",  "pwd", "id",
    "whoami", "env", "w",    "uptime", "hostname", "uname", "yes", "printenv"};
// Behind a pipe they take what comes and end with 0: whoever wrote it may have failed.
constexpr std::array<std::string_view, 10> kPipeEnds = {"cat", "tee",  "head", "tail", "sort",
                                                        "wc",  "uniq", "tr",   "cut",  "logger"};
// Start another command.
constexpr std::array<std::string_view, 10> kWrappers = {
    "exec", "command", "env", "nice", "nohup", "ionice", "stdbuf", "timeout", "sudo", "time"};
constexpr std::array<std::string_view, 6> kShells = {"sh", "bash", "ash", "dash", "ksh", "zsh"};
constexpr std::array<std::string_view, 7> kInformation = {"--help", "-h",   "--version", "-v",
                                                          "-V",     "help", "version"};
constexpr std::array<std::string_view, 10> kStructure = {
    "if", "for", "while", "until", "case", "{", "select", "do", "then", "function"};

template <typename Names>
bool Among(std::string_view word, const Names& names) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

enum class Joint { kEnd, kThen, kAnd, kOr, kPipe, kBackground };

// A command of a shell text, and what stands behind it.
struct Piece {
  std::vector<std::string> words;
  Joint joint = Joint::kEnd;
};

// Reads a shell text as far as quotes and the operators between commands go.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Piece> Read() {
    while (at_ < text_.size()) Step();
    EndPiece(Joint::kEnd);
    return std::move(pieces_);
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void Step() {
    const char c = Peek();
    if (c == '\\') {
      Take(Peek(1));
      at_ += 2;
    } else if (c == '\'' || c == '"') {
      TakeQuoted(c);
    } else if (c == '$' && Peek(1) == '(') {
      TakeSubstitution();
    } else if (c == ' ' || c == '\t') {
      EndWord();
      ++at_;
    } else if (!TakeOperator(c)) {
      Take(c);
      ++at_;
    }
  }

  void Take(char c) {
    word_ += c;
    in_word_ = true;
  }

  void TakeQuoted(char quote) {
    in_word_ = true;
    for (++at_; at_ < text_.size() && Peek() != quote; ++at_) {
      if (quote == '"' && Peek() == '\\') ++at_;
      Take(Peek());
    }
    ++at_;
  }

  void TakeSubstitution() {
    int depth = 0;
    do {
      if (Peek() == '(') ++depth;
      if (Peek() == ')') --depth;
      Take(Peek());
      ++at_;
    } while (at_ < text_.size() && (depth > 0 || word_.back() != ')'));
  }

  bool TakeOperator(char c) {
    const bool doubled = Peek(1) == c;
    Joint joint;
    if (c == '&' && (Peek(1) == '>' || (!word_.empty() && word_.back() == '>'))) {
      return false;  // &>file, 2>&1
    } else if (c == '&') {
      joint = doubled ? Joint::kAnd : Joint::kBackground;
    } else if (c == '|') {
      joint = doubled ? Joint::kOr : Joint::kPipe;
    } else if (c == ';' || c == '\n') {
      joint = Joint::kThen;
    } else {
      return false;
    }
    EndPiece(joint);
    at_ += joint == Joint::kAnd || joint == Joint::kOr ? 2 : 1;
    return true;
  }

  void EndWord() {
    if (in_word_) words_.push_back(word_);
    word_.clear();
    in_word_ = false;
  }

  void EndPiece(Joint joint) {
    EndWord();
    if (!words_.empty()) {
      pieces_.push_back({std::move(words_), joint});
    } else if (!pieces_.empty() && joint != Joint::kEnd) {
      pieces_.back().joint = joint;  // "a ; ; b", "a &&\n b"
    }
    words_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  std::vector<std::string> words_;
  std::vector<Piece> pieces_;
};

// Parentheses change nothing here; redirections and assignments are no part of a command.
std::vector<std::string> Bare(const std::vector<std::string>& words) {
  std::vector<std::string> bare;
  bool skip = false;
  for (std::string word : words) {
    while (!word.empty() && word.front() == '(') word.erase(0, 1);
    while (!word.empty() && word.back() == ')' && word.find("$(") == std::string::npos) {
      word.pop_back();
    }
    const std::size_t sign = word.find_first_of("<>");
    const bool redirects =
        sign != std::string::npos && (sign == 0 || word.find_first_not_of("0123456789&") >= sign);
    const bool assigns = bare.empty() && word.find('=') != std::string::npos &&
                         word.find_first_of("/-") > word.find('=');
    if (skip || word.empty()) {
      skip = false;
    } else if (redirects) {
      skip = word.back() == '>' || word.back() == '<';
    } else if (!assigns) {
      bare.push_back(word);
    }
  }
  return bare;
}

bool IsExit(const std::vector<std::string>& words) {
  return !words.empty() && (words[0] == "exit" || words[0] == "return");
}
bool ExitsWellAnyway(const std::vector<std::string>& words) {
  return IsExit(words) && words.size() > 1 && words[1].find_first_not_of('0') == std::string::npos;
}

// Without what only starts another command, its switches and its first number included.
std::vector<std::string> Unwrapped(std::vector<std::string> words) {
  while (words.size() > 1 && Among(BaseName(words[0]), kWrappers)) {
    words.erase(words.begin());
    while (words.size() > 1 &&
           (words[0].starts_with('-') || words[0].find('=') != std::string::npos ||
            words[0].find_first_not_of("0123456789.smh") == std::string::npos)) {
      words.erase(words.begin());
    }
  }
  return words;
}

bool CommandCanFail(const std::vector<std::string>& given) {
  const std::vector<std::string> words = Unwrapped(given);
  if (words.empty()) return false;
  const std::string_view program = BaseName(words[0]);
  if (Among(program, kNeverFail)) return false;
  if (Among(program, kShells)) {
    const auto command = std::find_if(words.begin() + 1, words.end(), [](const std::string& word) {
      return word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
    });
    if (command != words.end() && command + 1 != words.end()) {
      return ShellTextCanFail(*(command + 1));
    }
  }
  // "test 1", "[ 1 ]", "[ -n x ]": nothing is looked at.
  if ((program == "test" || program == "[") && words.size() <= (program == "[" ? 3U : 2U)) {
    return words.size() > 1 && words[1].find('$') != std::string::npos;
  }
  // The program tells about itself and asks nobody.
  return words.size() < 2 || !std::all_of(words.begin() + 1, words.end(), [](const auto& word) {
           return Among(word, kInformation);
         });
}

// Follows a list of commands from left to right.
class Follower {
 public:
  bool CanFail(const std::vector<Piece>& pieces) {
    Joint before = Joint::kThen;
    for (const Piece& piece : pieces) {
      const std::vector<std::string> words = Bare(piece.words);
      if (words.empty()) continue;
      if (Among(words[0], kStructure)) return true;
      if (words[0] == "set" && Has(words, "pipefail")) pipes_fail_ = true;
      if (words[0] == "set" && Has(words, "-e")) stops_ = true;
      if (Join(words, before)) break;
      if (piece.joint == Joint::kBackground) can_fail_ = false;
      before = piece.joint;
    }
    return can_fail_ || fails_on_the_way_;
  }

 private:
  static bool Has(const std::vector<std::string>& words, std::string_view part) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return word == part || (part == "-e" && word.starts_with("-") && word.find('e') == 1);
    });
  }

  // True when nothing behind it is reached.
  bool Join(const std::vector<std::string>& words, Joint before) {
    const bool conditional = before == Joint::kAnd || before == Joint::kOr;
    const bool reached = before != Joint::kOr || can_fail_;
    if (IsExit(words)) return JoinExit(words, conditional, reached);
    const bool command = CommandCanFail(words);
    switch (before) {
      case Joint::kAnd:
        can_fail_ = can_fail_ || command;
        break;
      case Joint::kOr:
        can_fail_ = can_fail_ && command;
        break;
      case Joint::kPipe:
        can_fail_ = (pipes_fail_ && can_fail_) ||
                    (command && !Among(BaseName(Unwrapped(words)[0]), kPipeEnds));
        break;
      default:
        if (stops_ && can_fail_) fails_on_the_way_ = true;
        can_fail_ = command;
    }
    return false;
  }

  bool JoinExit(const std::vector<std::string>& words, bool conditional, bool reached) {
    if (!reached) return false;
    const bool well = ExitsWellAnyway(words);
    // Without a number, or with "$?", it hands on what was before.
    const bool hands_on = words.size() == 1 || words[1].find('$') != std::string::npos;
    if (!conditional) {
      can_fail_ = !well && (!hands_on || can_fail_);
      return true;
    }
    if (!well) {
      fails_on_the_way_ = true;
    } else {
      can_fail_ = false;
    }
    return false;
  }

  bool can_fail_ = false;
  bool fails_on_the_way_ = false;
  bool pipes_fail_ = false;
  bool stops_ = false;
};

}  // namespace

bool ShellTextCanFail(std::string_view text) { return Follower().CanFail(Reader(text).Read()); }

bool WordsCanFail(const std::vector<std::string>& words) { return CommandCanFail(words); }

}  // namespace proving_ground::audit
