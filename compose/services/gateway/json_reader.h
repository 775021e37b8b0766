// JSON from strangers, read within bounds.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string_view>

namespace platform {

// The text is not JSON within the limits. what() is safe to show: it quotes nothing of the text.
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct JsonLimits {
  std::size_t max_depth = 64;       // of nested arrays and objects
  std::size_t max_values = 20'000;  // scalars, arrays and objects together
};

// Parses one JSON text (RFC 8259). The limits are applied while reading, before anything is built.
// Beyond the RFC it refuses what two parsers may understand differently: duplicate names in an
// object, a byte order mark, U+0000 in strings, numbers that overflow, and of course text that is
// not UTF-8. Throws JsonError.
nlohmann::json ReadJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace platform
