// A request as the scripted gateway has read it, for the files that it is made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {

struct ScriptedGateway::Incoming {
  std::string method;
  std::string target;
  HttpHeaders headers;  // names in lower case
  std::string body;

  std::size_t Count(const std::string& name) const {
    return static_cast<std::size_t>(std::count_if(
        headers.begin(), headers.end(), [&](const auto& each) { return each.first == name; }));
  }
  std::string Header(const std::string& name) const {
    for (const auto& [each, value] : headers) {
      if (each == name) return value;
    }
    return {};
  }
};

// Of ASCII letters.
std::string LowerCase(std::string text);

}  // namespace proving_ground
