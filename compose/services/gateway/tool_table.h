#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/gateway/tool.h"

namespace platform {

// All tools of a gateway, by name.
class ToolTable {
 public:
  // Throws std::logic_error when a name is there twice or is not made of a-z, 0-9 and '_'.
  void Add(std::vector<Tool> tools);

  // The tool of exactly this name, or nullptr.
  const Tool* Find(std::string_view name) const;

  const std::map<std::string, Tool, std::less<>>& tools() const { return tools_; }

 private:
  std::map<std::string, Tool, std::less<>> tools_;
};

// The tools of the production gateway.
ToolTable AllTools();

}  // namespace platform
