#include <algorithm>

#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using nlohmann::json;

json Text(const std::string& text, bool is_error = false) {
  return {{"content", json::array({{{"type", "text"}, {"text", text}}})}, {"isError", is_error}};
}

}  // namespace

std::vector<std::string> ScriptedGateway::KeysHolding(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  for (const auto& [key, fields] : store_) {
    bool holds = key.find(text) != std::string::npos;
    for (const auto& [name, value] : fields)
      holds = holds || (name + value).find(text) != std::string::npos;
    if (holds) keys.push_back(key);
  }
  return keys;
}

void ScriptedGateway::Plant(const std::string& key, const std::string& text) {
  const std::lock_guard lock(mutex_);
  store_[key] = {{"", text}};
}

bool ScriptedGateway::Stands(const std::string& key, const std::string& text) {
  const std::lock_guard lock(mutex_);
  return store_[key] == std::map<std::string, std::string>{{"", text}};
}

std::vector<std::string> ScriptedGateway::KeysRefused(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys = refused_keys_;
  std::erase_if(keys, [&](const auto& key) { return key.find(text) == std::string::npos; });
  return keys;
}

void ScriptedGateway::Purge(const std::string& text) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, fields] : store_) {
    std::erase_if(fields, [&](const auto& field) {
      return (field.first + field.second).find(text) != std::string::npos;
    });
  }
  std::erase_if(store_, [&](const auto& entry) {
    return entry.second.empty() && entry.first.find(text) != std::string::npos;
  });
}

std::string ScriptedGateway::KeyOf(const std::string& team, const std::string& field) const {
  const std::size_t at = field.find("team:");
  if (Is(Defect::kRawKeys) && at != std::string::npos) return field.substr(at);
  if (Is(Defect::kPrefixedKeys)) return "team:" + team + ":" + field;
  return "team:" + (Is(Defect::kOneStore) ? "marketing" : team) + ":memory";
}

json ScriptedGateway::Run(const std::string& team, const std::string& tool, const json& arguments) {
  const std::lock_guard lock(mutex_);
  const json given = arguments.value("key", json(""));
  const json value = arguments.value("value", json(""));
  if (!given.is_string() || !value.is_string()) return Text("a text, please", true);
  const std::string field = given;
  if (Is(Defect::kFencedKeys) && field.starts_with("team:") &&
      !field.starts_with("team:" + team + ":")) {
    refused_keys_.push_back(field);
    return Text("the store refused this", true);
  }
  auto& notes = store_[KeyOf(team, field)];
  if (tool == "memory_put" || tool == "ledger_record") {
    notes[field] = value;
    return Text("stored");
  }
  if (tool == "memory_delete") return Text(notes.erase(field) > 0 ? "deleted" : "nothing");
  if (tool == "memory_get") {
    return notes.contains(field) ? Text(notes[field]) : Text("there is no such note", true);
  }
  json keys = json::array();
  for (const auto& [name, content] : notes) {
    if (name.starts_with(arguments.value("prefix", ""))) keys.push_back(name);
  }
  return Text(json{{"keys", keys}}.dump());
}

}  // namespace proving_ground
