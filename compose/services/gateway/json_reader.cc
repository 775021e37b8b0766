#include "compose/services/gateway/json_reader.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace platform {
namespace {

using nlohmann::json;

// Builds the document from parse events; returning false from an event ends the parse.
class BoundedBuilder {
 public:
  explicit BoundedBuilder(const JsonLimits& limits) : limits_(limits) {}

  bool null() { return Add(nullptr) != nullptr; }
  bool boolean(bool value) { return Add(value) != nullptr; }
  bool number_integer(std::int64_t value) { return Add(value) != nullptr; }
  bool number_unsigned(std::uint64_t value) { return Add(value) != nullptr; }
  bool number_float(double value, const std::string&) { return Add(value) != nullptr; }
  bool binary(json::binary_t&) { return false; }
  bool string(std::string& value) { return IsClean(value) && Add(std::move(value)) != nullptr; }
  bool start_object(std::size_t) { return Open(json::object()); }
  bool start_array(std::size_t) { return Open(json::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    if (!IsClean(name)) return false;
    auto [member, inserted] =
        open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
    member_ = &member->second;
    return inserted || Fail("duplicate name in an object");
  }

  template <typename Error>
  bool parse_error(std::size_t position, const std::string&, const Error&) {
    return Fail("syntax error at byte " + std::to_string(position));
  }

  json& root() { return root_; }
  const std::string& defect() const { return defect_; }

 private:
  bool Fail(std::string defect) {
    defect_ = std::move(defect);
    return false;
  }

  bool IsClean(const std::string& text) {
    return text.find('\0') == std::string::npos || Fail("U+0000 in a string");
  }

  template <typename Value>
  json* Add(Value&& value) {
    if (++values_ > limits_.max_values) {
      Fail("too many values");
      return nullptr;
    }
    json* place = &root_;
    if (!open_.empty() && open_.back()->is_array()) {
      place = &open_.back()->get_ref<json::array_t&>().emplace_back();
    } else if (!open_.empty()) {
      place = member_;
    }
    *place = std::forward<Value>(value);
    return place;
  }

  bool Open(json container) {
    if (open_.size() >= limits_.max_depth) return Fail("nested too deeply");
    json* place = Add(std::move(container));
    if (place != nullptr) open_.push_back(place);
    return place != nullptr;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  json root_;
  std::vector<json*>
      open_;  // containers being filled, outermost first; none of them moves while it is open
  json* member_ = nullptr;  // where the value of the last name goes
  std::size_t values_ = 0;
  std::string defect_;
};

}  // namespace

json ReadJson(std::string_view text, const JsonLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) throw JsonError("byte order mark");
  BoundedBuilder builder(limits);
  if (!json::sax_parse(text, &builder)) throw JsonError(builder.defect());
  return std::move(builder.root());
}

}  // namespace platform
