// How this folder uses RE2: bytes are Latin-1, so that no byte sequence is invalid, and matching is
// linear in the text, whoever wrote it.
#pragma once

#include <re2/re2.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace proving_ground {

inline re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view View(re2::StringPiece piece) { return {piece.data(), piece.size()}; }

// A compiled pattern. Throws std::logic_error for one that is malformed, which would match nothing
// and go unnoticed.
class Pattern : public RE2 {
 public:
  explicit Pattern(std::string_view pattern) : RE2(Piece(pattern), BytewiseOptions()) {
    if (!ok()) throw std::logic_error("malformed pattern: " + error());
  }

 private:
  static RE2::Options BytewiseOptions() {
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    return options;
  }
};

inline bool Matches(const Pattern& pattern, std::string_view text) {
  return RE2::FullMatch(Piece(text), pattern);
}

inline bool MatchesPartOf(const Pattern& pattern, std::string_view text) {
  return RE2::PartialMatch(Piece(text), pattern);
}

}  // namespace proving_ground
