#include "support/audit/rules/json_view.h"

#include <charconv>
#include <cmath>

namespace proving_ground::audit {

using nlohmann::json;

const json* Member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json* Path(const json& object, std::initializer_list<const char*> names) {
  const json* at = &object;
  for (const char* name : names) {
    at = Member(*at, name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string Text(const json* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  if (value->is_number() || value->is_boolean()) return value->dump();
  return {};
}

std::optional<std::int64_t> Integer(const json* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (value->is_number_integer()) return value->get<std::int64_t>();
  if (value->is_number_float()) {
    const double number = value->get<double>();
    // 2^63 itself does not fit.
    if (number != std::floor(number) || std::abs(number) >= 9.2e18) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  const std::string text = Text(value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> Number(const json* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) {
    const double number = value->get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  const std::string text = Text(value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace proving_ground::audit
