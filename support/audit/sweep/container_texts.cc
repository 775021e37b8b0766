#include "support/audit/sweep/container_texts.h"

#include <nlohmann/json.hpp>

#include "support/audit/finding.h"

namespace proving_ground {
namespace {

using nlohmann::json;

const json& At(const json& object, std::initializer_list<const char*> path) {
  static const json nothing;
  const json* at = &object;
  for (const char* name : path) {
    if (!at->is_object() || !at->contains(name)) return nothing;
    at = &(*at)[name];
  }
  return *at;
}

std::string Joined(const json& words) {
  std::string text;
  if (words.is_string()) return words.get<std::string>();
  if (!words.is_array()) return text;
  for (const json& word : words) {
    if (!word.is_string()) continue;
    if (!text.empty()) text += ' ';
    text += word.get<std::string>();
  }
  return text;
}

void AddEnvironment(const json& list, Area area, std::vector<ShownField>& fields) {
  if (!list.is_array()) return;
  for (const json& entry : list) {
    if (!entry.is_string()) continue;
    const auto text = entry.get<std::string>();
    fields.push_back({area, "Config.Env " + ShownText(text.substr(0, text.find('=')), 60), text,
                      TextKind::kEnvironmentEntry});
  }
}

void AddMap(const json& map, Area area, const std::string& field, std::vector<ShownField>& fields) {
  if (!map.is_object()) return;
  for (const auto& [name, value] : map.items()) {
    if (!value.is_string()) continue;
    fields.push_back({area, field + " " + ShownText(name, 60),
                      name + "=" + value.get<std::string>(), TextKind::kLabel});
  }
}

void AddText(Area area, const std::string& field, std::string text, TextKind kind,
             std::vector<ShownField>& fields) {
  if (!text.empty()) fields.push_back({area, field, std::move(text), kind});
}

}  // namespace

std::vector<ShownField> FieldsOfContainer(const json& inspect) {
  std::vector<ShownField> fields;
  AddEnvironment(At(inspect, {"Config", "Env"}), Area::kEnvironment, fields);
  std::string command = Joined(At(inspect, {"Path"}));
  if (const std::string arguments = Joined(At(inspect, {"Args"})); !arguments.empty()) {
    command += " " + arguments;
  }
  AddText(Area::kCommandLine, "Path and Args", std::move(command), TextKind::kCommandLine, fields);
  AddMap(At(inspect, {"Config", "Labels"}), Area::kLabel, "Config.Labels", fields);
  AddMap(At(inspect, {"HostConfig", "LogConfig", "Config"}), Area::kLabel, "HostConfig.LogConfig",
         fields);
  AddText(Area::kHealthCheck, "Config.Healthcheck.Test",
          Joined(At(inspect, {"Config", "Healthcheck", "Test"})), TextKind::kCommandLine, fields);
  const json& checks = At(inspect, {"State", "Health", "Log"});
  if (!checks.is_array()) return fields;
  for (const json& check : checks) {
    AddText(Area::kHealthCheck, "State.Health.Log", Joined(At(check, {"Output"})), TextKind::kLog,
            fields);
  }
  return fields;
}

std::vector<ShownField> FieldsOfImage(const json& inspect, const json& history) {
  std::vector<ShownField> fields;
  AddEnvironment(At(inspect, {"Config", "Env"}), Area::kImage, fields);
  AddMap(At(inspect, {"Config", "Labels"}), Area::kImage, "Config.Labels", fields);
  AddText(Area::kImage, "Config.Cmd", Joined(At(inspect, {"Config", "Cmd"})),
          TextKind::kCommandLine, fields);
  AddText(Area::kImage, "Config.Entrypoint", Joined(At(inspect, {"Config", "Entrypoint"})),
          TextKind::kCommandLine, fields);
  AddText(Area::kImage, "Config.Healthcheck.Test",
          Joined(At(inspect, {"Config", "Healthcheck", "Test"})), TextKind::kCommandLine, fields);
  AddText(Area::kImage, "Comment", Joined(At(inspect, {"Comment"})), TextKind::kLabel, fields);
  if (!history.is_array()) return fields;
  for (const json& step : history) {
    AddText(Area::kImage, "history", Joined(At(step, {"CreatedBy"})), TextKind::kImageHistory,
            fields);
    AddText(Area::kImage, "history", Joined(At(step, {"Comment"})), TextKind::kImageHistory,
            fields);
  }
  return fields;
}

}  // namespace proving_ground
