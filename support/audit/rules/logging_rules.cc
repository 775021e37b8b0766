// Rules about logs: that there are some, that they end, and where they go.
#include <algorithm>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kLogging{"logging", "HostConfig.LogConfig"};
// More per file and container than anyone reads.
constexpr std::int64_t kLargestLog = std::int64_t{1} << 30;

const NamedItem* FindOption(const Lifecycle& lifecycle, std::string_view name) {
  const auto& options = lifecycle.log_options;
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const NamedItem& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

// Only json-file grows without end by default; the engine uses it where nothing else is said.
bool GrowsForEver(const Lifecycle& lifecycle) {
  const bool json_file = lifecycle.log_driver.empty() || lifecycle.log_driver == "json-file";
  return json_file && FindOption(lifecycle, "max-size") == nullptr;
}

std::int64_t LogSize(const Lifecycle& lifecycle) {
  const NamedItem* size = FindOption(lifecycle, "max-size");
  const nlohmann::json text = size == nullptr ? "" : size->value;
  return ParseBytes(&text).value_or(0);
}

void EndlessLog(const Subject& subject, Report& report) {
  const Lifecycle& lifecycle = subject.settings.lifecycle;
  const bool unlimited = FindOption(lifecycle, "max-size") != nullptr && LogSize(lifecycle) < 0;
  if (GrowsForEver(lifecycle) || unlimited)
    report.AddSetting(kLogging, "logs have no largest size");
}

void HugeLog(const Subject& subject, Report& report) {
  if (LogSize(subject.settings.lifecycle) > kLargestLog) {
    report.AddSetting(kLogging, "a log file may grow beyond 1 GiB");
  }
}

void NoLog(const Subject& subject, Report& report) {
  if (subject.settings.lifecycle.log_driver == "none")
    report.AddSetting(kLogging, "nothing is logged");
}

void LossyLog(const Subject& subject, Report& report) {
  const NamedItem* mode = FindOption(subject.settings.lifecycle, "mode");
  if (mode != nullptr && mode->value == "non-blocking") {
    report.Add(mode->field, "lines are dropped when the log is slow");
  }
}

// Addresses may hold credentials: only the driver is shown.
void PlainLogTransport(const Subject& subject, Report& report) {
  const Lifecycle& lifecycle = subject.settings.lifecycle;
  for (const char* name :
       {"syslog-address", "gelf-address", "fluentd-address", "splunk-url", "logentries-url"}) {
    const NamedItem* address = FindOption(lifecycle, name);
    if (address == nullptr) continue;
    const std::string& url = address->value;
    const bool sealed = url.starts_with("tcp+tls://") || url.starts_with("tls://") ||
                        url.starts_with("https://") || url.starts_with("unix://") ||
                        url.starts_with("unixgram://");
    const std::size_t scheme = url.find("://");
    const std::string host = scheme == std::string::npos ? url : url.substr(scheme + 3);
    const bool here =
        host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
    if (!sealed && !here) report.Add(address->field, "logs leave the host in clear");
  }
}

}  // namespace

std::vector<Rule> LoggingRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"RES-07", "Docker: logging drivers", kMedium, kLimits, "Logs can fill the disk",
       "Set logging.options max-size and max-file, or use the driver local.", kSettings,
       EndlessLog},
      {"LOG-03", "Docker: logging drivers", kMedium, kLimits, "A log file may grow beyond 1 GiB",
       "Lower max-size.", kSettings, HugeLog},
      {"LOG-01", "Docker: logging drivers", kMedium, kHealth, "Nothing is logged",
       "Choose a logging driver: without logs an attack leaves no trace.", kSettings, NoLog},
      {"LOG-04", "Docker: logging drivers", kInfo, kHealth, "Log lines may be dropped",
       "Use mode: blocking where the log is evidence.", kSettings, LossyLog},
      {"LOG-02", "Docker: logging drivers", kMedium, kTransport, "Logs leave the host in clear",
       "Send them over TLS, or to a collector on this host.", kSettings, PlainLogTransport},
  };
}

}  // namespace proving_ground::audit
