#include "support/engine/calls.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {

std::string UrlEncoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(character) != std::string::npos) {
      result += character;
    } else {
      result += '%';
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
  return result;
}

std::string LabelFilter(const Labels& labels) {
  nlohmann::json filters = nlohmann::json::object();
  for (const auto& [name, value] : labels) {
    filters["label"].push_back(value.empty() ? name : name + "=" + value);
  }
  return UrlEncoded(filters.dump());
}

void ReadJson(std::string_view text, const std::string& doing,
              const std::function<void(const nlohmann::json&)>& read) {
  try {
    read(nlohmann::json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw EnvironmentError(
        "the engine's answer to '" + doing + "' cannot be read (" + error.what() + ")",
        "check that an engine of API version 1.41 to 1.51 answers there");
  }
}

std::string ShortId(const std::string& id) {
  const bool is_id = id.size() == 64 && std::all_of(id.begin(), id.end(), [](unsigned char digit) {
                       return std::isxdigit(digit) != 0;
                     });
  return is_id ? id.substr(0, 12) : id;
}

}  // namespace proving_ground
