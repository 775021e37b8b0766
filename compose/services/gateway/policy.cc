#include "compose/services/gateway/policy.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "compose/services/common/configuration_error.h"
#include "compose/services/gateway/json_reader.h"
#include "compose/services/gateway/jwt_verifier.h"

namespace platform {
namespace {

using nlohmann::json;

json ReadPolicy(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || text.empty()) {
    throw ConfigurationError("policy " + path.string() +
                             " cannot be read; name a readable policy file");
  }
  try {
    return ReadJson(text);
  } catch (const JsonError& error) {
    throw ConfigurationError("policy " + path.string() + " is not JSON: " + error.what() +
                             "; correct it");
  }
}

}  // namespace

FilePolicy::FilePolicy(const std::filesystem::path& path,
                       const std::function<bool(std::string_view)>& is_tool) {
  const auto require = [&](bool condition, const std::string& what) {
    if (!condition)
      throw ConfigurationError("policy " + path.string() + ": " + what + "; correct it");
  };
  const json policy = ReadPolicy(path);
  require(policy.is_object() && policy.size() == 1 && policy.contains("teams") &&
              policy["teams"].is_object() && !policy["teams"].empty(),
          R"(it must be {"teams": {...}} with at least one team)");
  for (const auto& [team, rights] : policy["teams"].items()) {
    require(IsTeamName(team), "'" + team + "' is no team name ([a-z0-9-]{1,63})");
    require(rights.is_object() && rights.size() == 1 && rights.contains("tools") &&
                rights["tools"].is_array(),
            "team '" + team + R"(' must be {"tools": [...]})");
    auto& tools = tools_of_team_[team];
    for (const json& tool : rights["tools"]) {
      require(tool.is_string() && is_tool(tool.get<std::string>()),
              "team '" + team + "': no such tool " + tool.dump());
      tools.insert(tool.get<std::string>());
    }
  }
}

std::vector<std::string> FilePolicy::teams() const {
  std::vector<std::string> names;
  for (const auto& entry : tools_of_team_) names.push_back(entry.first);
  return names;
}

bool FilePolicy::Allows(std::string_view team, std::string_view tool) const {
  const auto tools = tools_of_team_.find(team);
  return tools != tools_of_team_.end() && tools->second.contains(tool);
}

}  // namespace platform
