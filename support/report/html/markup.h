// HTML put together so that text cannot become markup: H fills a pattern of ours with values, and
// whatever is not Markup already is escaped.
//
//   Markup row = H("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", team, samples);
//   table += row;
#pragma once

#include <fmt/args.h>
#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace proving_ground::html {

class Markup {
 public:
  Markup() = default;
  // `html` was written by us, or comes out of H.
  static Markup Trusted(std::string html);

  Markup& operator+=(const Markup& more);
  const std::string& html() const { return html_; }
  bool empty() const { return html_.empty(); }

 private:
  std::string html_;
};

// The text with the characters that mean something in HTML, in elements and in quoted attributes,
// written as references; broken UTF-8 and control characters are replaced.
std::string Escaped(std::string_view text);

namespace internal {
inline std::string Piece(const Markup& markup) { return markup.html(); }
inline std::string Piece(std::string_view text) { return Escaped(text); }
template <std::integral Number>
std::string Piece(Number number) {
  return fmt::format("{}", number);
}
std::string Piece(double) = delete;  // say with how many digits
Markup Filled(std::string_view pattern, const fmt::dynamic_format_arg_store<fmt::format_context>&);
}  // namespace internal

// `pattern` has a {} for each value.
template <typename... Values>
Markup H(std::string_view pattern, const Values&... values) {
  fmt::dynamic_format_arg_store<fmt::format_context> pieces;
  (pieces.push_back(internal::Piece(values)), ...);
  return internal::Filled(pattern, pieces);
}

// An id for an element, made of a text: "F-1 sales" -> "f-1-sales".
std::string IdOf(std::string_view text);

}  // namespace proving_ground::html
