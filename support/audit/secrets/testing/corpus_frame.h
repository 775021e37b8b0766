// Texts with a place for a value.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "support/audit/secrets/candidate.h"
#include "support/audit/secrets/testing/random_text.h"

namespace proving_ground {

using Maker = std::function<std::string(RandomText&)>;

// A kind of value, and how to make one.
struct NamedMaker {
  std::string_view what;
  Maker make;
};

// A text in which @ stands for the value; \x01 is an @ of the text itself.
struct Frame {
  TextKind kind;
  std::string_view text;
};

inline std::string Filled(std::string_view frame, const std::string& value) {
  std::string text;
  for (const char c : frame) {
    if (c == '@') {
      text += value;
    } else {
      text.push_back(c == '\x01' ? '@' : c);
    }
  }
  return text;
}

}  // namespace proving_ground
