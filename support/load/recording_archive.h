// One list of fields for both directions: what is written is what is read.
//
// A type says once which fields it has,
//
//   template <typename Archive> void Fields(Archive& archive, PingGap& gap) {
//     archive("at_ms", gap.at);
//     archive("length_ms", gap.length);
//   }
//
// and JsonWriter and JsonReader do the rest. Private to recording.cc.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "support/base/errors.h"

namespace proving_ground {

template <typename T>
concept PlainValue = std::is_arithmetic_v<T> || std::is_same_v<T, std::string>;

class JsonWriter {
 public:
  explicit JsonWriter(nlohmann::json& object) : object_(object) {
    object_ = nlohmann::json::object();
  }

  template <typename T>
  void operator()(const char* name, T& value) {
    Put(object_[name], value);
  }

 private:
  template <PlainValue T>
  static void Put(nlohmann::json& json, T& value) {
    json = value;
  }
  template <typename Rep, typename Period>
  static void Put(nlohmann::json& json, std::chrono::duration<Rep, Period>& value) {
    json = value.count();
  }
  template <typename T>
  requires std::is_enum_v<T>
  static void Put(nlohmann::json& json, T& value) { json = EnumName(value); }
  template <typename T>
  static void Put(nlohmann::json& json, std::optional<T>& value) {
    if (value.has_value()) Put(json, *value);
  }
  template <typename T>
  static void Put(nlohmann::json& json, std::vector<T>& values) {
    json = nlohmann::json::array();
    for (T& value : values) Put(json.emplace_back(), value);
  }
  template <typename T>
  static void Put(nlohmann::json& json, std::map<std::string, T>& values) {
    json = nlohmann::json::object();
    for (auto& [name, value] : values) Put(json[name], value);
  }
  template <typename T>
  requires(std::is_class_v<T> && !PlainValue<T>) static void Put(nlohmann::json& json, T& value) {
    JsonWriter nested(json);
    Fields(nested, value);
  }

  nlohmann::json& object_;
};

class JsonReader {
 public:
  // `path` names the object in messages.
  JsonReader(const nlohmann::json& object, std::string path)
      : object_(object), path_(std::move(path)) {
    if (!object_.is_object()) Refuse(path_, "is no object");
  }

  template <typename T>
  void operator()(const char* name, T& value) {
    const std::string path = path_ + "." + name;
    const auto found = object_.find(name);
    if (found == object_.end()) Refuse(path, "is missing");
    try {
      Get(*found, value, path);
    } catch (const nlohmann::json::exception& error) {
      Refuse(path, error.what());
    }
  }

  [[noreturn]] static void Refuse(const std::string& path, const std::string& why) {
    throw UsageError("load recording: " + path + " " + why,
                     "use a recording written by this version");
  }

 private:
  template <PlainValue T>
  static void Get(const nlohmann::json& json, T& value, const std::string&) {
    value = json.get<T>();
  }
  template <typename Rep, typename Period>
  static void Get(const nlohmann::json& json, std::chrono::duration<Rep, Period>& value,
                  const std::string&) {
    value = std::chrono::duration<Rep, Period>(json.get<Rep>());
  }
  template <typename T>
  requires std::is_enum_v<T>
  static void Get(const nlohmann::json& json, T& value, const std::string& path) {
    if (!EnumFromName(json.get<std::string>(), value)) Refuse(path, "holds an unknown word");
  }
  template <typename T>
  static void Get(const nlohmann::json& json, std::optional<T>& value, const std::string& path) {
    value.reset();
    if (!json.is_null()) Get(json, value.emplace(), path);
  }
  template <typename T>
  static void Get(const nlohmann::json& json, std::vector<T>& values, const std::string& path) {
    values.clear();
    for (const auto& element : json.get_ref<const nlohmann::json::array_t&>()) {
      const std::string index = "[" + std::to_string(values.size()) + "]";
      Get(element, values.emplace_back(), path + index);
    }
  }
  template <typename T>
  static void Get(const nlohmann::json& json, std::map<std::string, T>& values,
                  const std::string& path) {
    values.clear();
    for (const auto& [name, element] : json.get_ref<const nlohmann::json::object_t&>()) {
      Get(element, values[name], path + "." + name);
    }
  }
  template <typename T>
  requires(std::is_class_v<T> && !PlainValue<T>) static void Get(const nlohmann::json& json,
                                                                 T& value,
                                                                 const std::string& path) {
    JsonReader nested(json, path);
    Fields(nested, value);
  }

  const nlohmann::json& object_;
  std::string path_;
};

}  // namespace proving_ground
