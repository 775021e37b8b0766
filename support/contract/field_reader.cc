#include "support/contract/field_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "support/contract/contract.h"
#include "support/contract/duration.h"

namespace proving_ground {
namespace {

const nlohmann::json kNothing = nullptr;

// Numbers may be written as strings: compose turns interpolated values ("${WORKERS:-10}") into
// them.
std::optional<double> AsNumber(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto text = value.get<std::string>();
  try {
    std::size_t used = 0;
    const double number = std::stod(text, &used);
    if (used == text.size() && std::isfinite(number)) return number;
  } catch (const std::exception&) {  // not a number: reported by the caller with what was expected
  }
  return std::nullopt;
}

// Long values are cut: a message is one line, and the model is not ours to repeat at length.
std::string Shown(const nlohmann::json& value) {
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  return text;
}

}  // namespace

FieldReader::FieldReader(std::string path, const nlohmann::json& object)
    : path_(std::move(path)), object_(object) {
  if (!object_.is_null() && !object_.is_object()) {
    throw ContractError(fmt::format("{} is {}", path_, Shown(object_)), "it must be a mapping");
  }
}

const nlohmann::json* FieldReader::Find(const std::string& name) {
  known_.insert(name);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void FieldReader::Fail(const std::string& name, const nlohmann::json& found,
                       const std::string& expected) const {
  throw ContractError(fmt::format("{}.{} is {}", path_, name, Shown(found)),
                      "it must be " + expected);
}

void FieldReader::Read(const std::string& name, int& value, int low, int high) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  const std::optional<double> number = AsNumber(*found);
  if (!number || *number != std::floor(*number) || *number < low || *number > high) {
    Fail(name, *found, fmt::format("a whole number from {} to {}", low, high));
  }
  value = static_cast<int>(*number);
}

void FieldReader::Read(const std::string& name, double& value, double low, double high) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  const std::optional<double> number = AsNumber(*found);
  if (!number || *number < low || *number > high) {
    Fail(name, *found, fmt::format("a number from {} to {}", low, high));
  }
  value = *number;
}

void FieldReader::Read(const std::string& name, std::chrono::milliseconds& value,
                       std::chrono::milliseconds low, std::chrono::milliseconds high) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  std::optional<std::chrono::milliseconds> duration;
  if (found->is_string()) duration = ParseDuration(found->get<std::string>());
  if (!duration || *duration < low || *duration > high) {
    Fail(name, *found,
         fmt::format("a duration like \"1m30s\" or \"250ms\", from {} to {}", FormatDuration(low),
                     FormatDuration(high)));
  }
  value = *duration;
}

void FieldReader::Read(const std::string& name, std::string& value) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
    Fail(name, *found, "a text that is not empty");
  }
  value = found->get<std::string>();
}

void FieldReader::Read(const std::string& name, std::vector<std::string>& value) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  const auto is_text = [](const nlohmann::json& item) { return item.is_string(); };
  if (!found->is_array() || found->empty() || !std::all_of(found->begin(), found->end(), is_text)) {
    Fail(name, *found, "a list of texts that is not empty");
  }
  value = found->get<std::vector<std::string>>();
}

void FieldReader::ReadWord(const std::string& name, std::string& value,
                           const std::vector<std::string>& words) {
  const nlohmann::json* found = Find(name);
  if (found == nullptr) return;
  if (!found->is_string() ||
      std::find(words.begin(), words.end(), found->get<std::string>()) == words.end()) {
    Fail(name, *found, fmt::format("one of: {}", fmt::join(words, ", ")));
  }
  value = found->get<std::string>();
}

const nlohmann::json& FieldReader::Object(const std::string& name) {
  const nlohmann::json* found = Find(name);
  return found == nullptr ? kNothing : *found;
}

void FieldReader::RejectUnknown() const {
  if (!object_.is_object()) return;
  for (const auto& [name, value] : object_.items()) {
    if (!known_.contains(name)) {
      throw ContractError(fmt::format("{}.{} is not a field of the contract", path_, name),
                          fmt::format("known here: {}", fmt::join(known_, ", ")));
    }
  }
}

}  // namespace proving_ground
