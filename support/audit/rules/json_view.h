// Reading JSON that may be anything: nothing here throws.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace proving_ground::audit {

inline bool IsObject(const nlohmann::json* value) { return value != nullptr && value->is_object(); }
inline bool IsArray(const nlohmann::json* value) { return value != nullptr && value->is_array(); }

// Member of an object; null when there is none, when it is JSON null, and when `object` is no
// object.
const nlohmann::json* Member(const nlohmann::json& object, const char* name);
// Member of a member ….
const nlohmann::json* Path(const nlohmann::json& object, std::initializer_list<const char*> names);

// Text of a string, a number or a truth value; empty for everything else, null included.
std::string Text(const nlohmann::json* value);
// Whole number, also as text and as 64.0; nullopt when it is none or does not fit.
std::optional<std::int64_t> Integer(const nlohmann::json* value);
// Number, also as text.
std::optional<double> Number(const nlohmann::json* value);

}  // namespace proving_ground::audit
