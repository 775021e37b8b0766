#include <charconv>
#include <nlohmann/json.hpp>

#include "support/audit/live_texts.h"
#include "support/base/errors.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

audit::LiveTarget ParseTarget(const std::string& text) {
  audit::LiveTarget target;
  const std::size_t colon = text.find(':');
  target.container = text.substr(0, colon);
  const char* const end = text.data() + text.size();
  const char* const begin = colon == std::string::npos ? end : text.data() + colon + 1;
  if (const auto [stopped, error] = std::from_chars(begin, end, target.pid);
      error != std::errc() || stopped != end) {
    throw UsageError("\"" + text + "\" is no target", "give the container's id, ':' and its pid");
  }
  return target;
}

// Names of mounts are bytes; what is no UTF-8 in them is replaced.
nlohmann::json Encode(const audit::LiveTruthTexts& texts) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, text] : texts) {
    const std::string quoted =
        nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    object[name] = nlohmann::json::parse(quoted);
  }
  return object;
}

}  // namespace

void ReadLive(const std::vector<std::string>& targets) {
  audit::LiveTarget last;
  for (const std::string& text : targets) {
    const audit::LiveTarget target = ParseTarget(text);
    const audit::LiveReading reading = audit::ReadLiveTexts("/proc", target);
    nlohmann::json line = nlohmann::json::object({{"container", target.container}});
    if (reading.refused.empty()) {
      line["texts"] = Encode(reading.texts);
      last = target;
    } else {
      line["refused"] = reading.refused;
    }
    Report(line);
  }
  Report(nlohmann::json::object({{"host", Encode(audit::ReadHostNamespaces("/proc", last))}}));
}

}  // namespace proving_ground
