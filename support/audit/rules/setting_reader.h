// Reads the fields of one JSON object into settings. A field of a wrong type is noted as
// unreadable, with its path, and counts as absent.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/audit/rules/settings.h"

namespace proving_ground::audit {

class SettingReader {
 public:
  // `object` may be null (absent). `path` is put before the names of fields. All must outlive this.
  SettingReader(const nlohmann::json* object, std::string path, std::vector<Item>& unreadable);

  // A reader of the object that is a field of this one.
  SettingReader Sub(const char* name) const;
  const nlohmann::json* Find(const char* name) const;
  // "<path>.<name>"; without `name` the path itself.
  std::string Field(const std::string& name) const;

  bool Flag(const char* name) const;
  std::string Word(const char* name) const;
  std::optional<std::int64_t> Whole(const char* name) const;
  std::optional<std::int64_t> Bytes(const char* name) const;
  std::optional<double> Decimal(const char* name) const;
  std::optional<std::chrono::milliseconds> Span(const char* name) const;
  // A list of texts, or one text alone.
  std::vector<Item> List(const char* name) const;
  // The values of List.
  std::vector<std::string> Words(const char* name) const;
  // An object, or a list of "name<separator>value"; the first of `separators` that is there
  // divides.
  std::vector<NamedItem> Named(const char* name, const char* separators) const;
  // Elements of a list, or nothing; `field` of each is its path.
  struct Element {
    const nlohmann::json& value;
    std::string field;
  };
  std::vector<Element> Elements(const char* name) const;
  void Unreadable(const std::string& field, const std::string& expected) const;

 private:
  template <typename Value>
  std::optional<Value> Checked(const char* name, std::optional<Value> value,
                               const char* expected) const;

  const nlohmann::json* object_;
  std::string path_;
  std::vector<Item>& unreadable_;
};

}  // namespace proving_ground::audit
