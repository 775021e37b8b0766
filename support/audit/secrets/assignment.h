// Finds the value that belongs to a name, in whatever syntax: YAML, JSON, env files, INI, shell,
// options of commands, query strings, XML, calls, name/value pairs of lists.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

// How name and value are joined.
enum class Joint {
  kEquals,   // = := => == and HTML-escaped ones
  kColon,    // : in YAML, JSON, headers, prose
  kDefault,  // ${NAME:-value}
  kElement,  // <name>value</name>
  kCall,     // name("value"), define("name", "value")
  kPair,     // name: NAME, value: VALUE
  kOption,   // --name value
  kBlank,    // name value, as configuration files of servers have it
  kProse,    // name is value
};

struct Assignment {
  std::string_view name;
  size_t begin = 0;  // of the value, without its quotes
  size_t end = 0;
  Joint joint = Joint::kEquals;
  bool quoted = false;
  bool starts_line = false;  // nothing but indentation, a list dash or `export` before the name
};

// The whole name around [begin, end): letters, digits, _ . - and a phrase such as "API key".
struct NameSpan {
  size_t begin;
  size_t end;
};
NameSpan ExtendName(std::string_view text, size_t begin, size_t end);

// nullopt where no value follows the name.
std::optional<Assignment> ParseAssignment(const Text& text, NameSpan name);

// Length of the quote at `at`, with the backslashes that escape it: " ' ` \" \\\" &quot; %22; 0 if
// there is none.
size_t QuoteSize(std::string_view text, size_t at);

}  // namespace proving_ground
