#include "compose/services/worker/templates.h"

#include <nlohmann/json.hpp>

namespace platform {

std::string ExpandText(std::string_view text, const Variables& variables) {
  std::string expanded;
  while (!text.empty()) {
    const auto open = text.find("${");
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    const auto variable = variables.find(text.substr(open + 2, close - open - 2));
    expanded += text.substr(0, open);
    if (variable != variables.end()) {
      expanded += variable->second;
      text.remove_prefix(close + 1);
    } else {  // Step over the "${" only: a known name may follow before the brace, as in
              // "${${task}".
      expanded += "${";
      text.remove_prefix(open + 2);
    }
  }
  expanded += text;
  return expanded;
}

void ExpandStrings(nlohmann::json& value, const Variables& variables) {
  if (value.is_string()) {
    value = ExpandText(value.get_ref<const std::string&>(), variables);
  } else if (value.is_structured()) {
    for (auto& element : value) ExpandStrings(element, variables);
  }
}

}  // namespace platform
