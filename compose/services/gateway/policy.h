#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

// Which team may see and call which tool. What it does not name is denied.
class Policy {
 public:
  virtual ~Policy() = default;

  virtual std::vector<std::string> teams() const = 0;
  virtual bool Allows(std::string_view team, std::string_view tool) const = 0;
};

// A policy of the form {"teams": {"<team>": {"tools": ["<tool>", ...]}, ...}}.
class FilePolicy : public Policy {
 public:
  // Reads the file. Throws ConfigurationError when it cannot be read, is not of the form above, or
  // names a tool for which `is_tool` is false: a misspelt name must not quietly deny, nor a
  // half-written file quietly allow.
  FilePolicy(const std::filesystem::path& path,
             const std::function<bool(std::string_view)>& is_tool);

  std::vector<std::string> teams() const override;
  bool Allows(std::string_view team, std::string_view tool) const override;

 private:
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> tools_of_team_;
};

}  // namespace platform
