#include "support/audit/rules/setting_reader.h"

#include <fmt/format.h>

#include "support/audit/rules/json_view.h"

namespace proving_ground::audit {

using nlohmann::json;

SettingReader::SettingReader(const json* object, std::string path, std::vector<Item>& unreadable)
    : object_(object), path_(std::move(path)), unreadable_(unreadable) {
  if (object_ != nullptr && !object_->is_object()) {
    if (!object_->is_null()) Unreadable(path_, "a mapping");
    object_ = nullptr;
  }
}

SettingReader SettingReader::Sub(const char* name) const {
  return SettingReader(Find(name), Field(name), unreadable_);
}

const json* SettingReader::Find(const char* name) const {
  return object_ == nullptr ? nullptr : Member(*object_, name);
}

std::string SettingReader::Field(const std::string& name) const {
  return path_.empty() ? name : path_ + "." + name;
}

void SettingReader::Unreadable(const std::string& field, const std::string& expected) const {
  unreadable_.push_back({expected, field});
}

template <typename Value>
std::optional<Value> SettingReader::Checked(const char* name, std::optional<Value> value,
                                            const char* expected) const {
  // An empty text is how some versions write "not set".
  const json* found = Find(name);
  if (!value && found != nullptr && *found != "") Unreadable(Field(name), expected);
  return value;
}

bool SettingReader::Flag(const char* name) const {
  const json* found = Find(name);
  if (found == nullptr) return false;
  const std::string text = Lower(Text(found));
  if (text != "true" && text != "false" && !text.empty()) {
    Unreadable(Field(name), "true or false");
  } else if (text.empty() && !found->is_string()) {
    Unreadable(Field(name), "true or false");
  }
  return text == "true";
}

std::string SettingReader::Word(const char* name) const {
  const json* found = Find(name);
  if (found != nullptr && found->is_structured()) Unreadable(Field(name), "a text");
  return Text(found);
}

std::optional<std::int64_t> SettingReader::Whole(const char* name) const {
  return Checked(name, Integer(Find(name)), "a whole number");
}

std::optional<std::int64_t> SettingReader::Bytes(const char* name) const {
  return Checked(name, ParseBytes(Find(name)), "a size");
}

std::optional<double> SettingReader::Decimal(const char* name) const {
  return Checked(name, Number(Find(name)), "a number");
}

std::optional<std::chrono::milliseconds> SettingReader::Span(const char* name) const {
  return Checked(name, ParseSpan(Find(name)), "a duration");
}

std::vector<Item> SettingReader::List(const char* name) const {
  const json* found = Find(name);
  std::vector<Item> items;
  if (found == nullptr) return items;
  if (!found->is_array()) {
    if (found->is_object()) {
      Unreadable(Field(name), "a list");
    } else if (std::string text = Text(found); !text.empty()) {
      items.push_back({std::move(text), Field(name)});
    }
    return items;
  }
  for (Element& element : Elements(name)) {
    if (element.value.is_structured() || element.value.is_null()) {
      Unreadable(element.field, "a text");
    } else {
      items.push_back({Text(&element.value), std::move(element.field)});
    }
  }
  return items;
}

std::vector<std::string> SettingReader::Words(const char* name) const {
  std::vector<std::string> words;
  for (Item& item : List(name)) words.push_back(std::move(item.value));
  return words;
}

std::vector<NamedItem> SettingReader::Named(const char* name, const char* separators) const {
  std::vector<NamedItem> named;
  const json* found = Find(name);
  if (IsObject(found)) {
    for (const auto& [key, value] : found->items()) {
      if (value.is_structured()) {
        Unreadable(Field(name) + "." + key, "a text");
      } else {
        named.push_back({key, Text(&value), Field(name) + "." + key});
      }
    }
    return named;
  }
  for (Item& item : List(name)) {
    std::size_t at = std::string::npos;
    for (const char* separator = separators; *separator != 0 && at == std::string::npos;
         ++separator) {
      at = item.value.find(*separator);
    }
    const bool divided = at != std::string::npos;
    named.push_back({item.value.substr(0, at), divided ? item.value.substr(at + 1) : "",
                     std::move(item.field)});
  }
  return named;
}

std::vector<SettingReader::Element> SettingReader::Elements(const char* name) const {
  std::vector<Element> elements;
  const json* found = Find(name);
  if (found == nullptr) return elements;
  if (!found->is_array()) {
    Unreadable(Field(name), "a list");
    return elements;
  }
  std::size_t number = 0;
  for (const json& value : *found) {
    elements.push_back({value, fmt::format("{}[{}]", Field(name), number++)});
  }
  return elements;
}

}  // namespace proving_ground::audit
