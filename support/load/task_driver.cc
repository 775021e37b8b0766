#include "support/load/task_driver.h"

#include <array>
#include <utility>

namespace proving_ground {
namespace {

constexpr std::array<std::pair<EventType, std::string_view>, 8> kNames = {{
    {EventType::kAccepted, "accepted"},
    {EventType::kStarted, "started"},
    {EventType::kFinished, "finished"},
    {EventType::kFailed, "failed"},
    {EventType::kRequeued, "requeued"},
    {EventType::kRegistered, "registered"},
    {EventType::kLeft, "left"},
    {EventType::kExpired, "expired"},
}};

}  // namespace

std::string_view EventTypeName(EventType type) {
  for (const auto& [known, name] : kNames) {
    if (known == type) return name;
  }
  return "";
}

std::optional<EventType> EventTypeFromName(std::string_view name) {
  for (const auto& [type, known] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

}  // namespace proving_ground
