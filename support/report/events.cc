#include "support/report/events.h"

namespace proving_ground {
namespace {

using nlohmann::json;

const json* Find(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string TextOf(const json& object, const char* name) {
  const json* value = Find(object, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<double> NumberOf(const json& object, const char* name) {
  const json* value = Find(object, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::int64_t CountOf(const json& object, const char* name) {
  const json* value = Find(object, name);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::vector<std::string> TextsOf(const json& object, const char* name) {
  std::vector<std::string> texts;
  for (const json& item : ListOf(object, name)) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::optional<UtcTime> TimeOf(const json& object, const char* name) {
  return ParseUtc(TextOf(object, name));
}

const json& ListOf(const json& object, const char* name) {
  static const json kEmpty = json::array();
  const json* value = Find(object, name);
  return value != nullptr && value->is_array() ? *value : kEmpty;
}

}  // namespace proving_ground
