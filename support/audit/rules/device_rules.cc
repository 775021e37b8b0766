// Rules about devices, and ways to the engine from within.
#include <algorithm>

#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

void HostDevice(const Subject& subject, Report& report) {
  for (const Item& device : subject.settings.privileges.devices) {
    const std::string path = CleanPath(device.value);
    // These give nothing that a container does not have anyway.
    if (path == "/dev/null" || path == "/dev/zero" || path == "/dev/full" ||
        path == "/dev/random" || path == "/dev/urandom") {
      continue;
    }
    report.Add(device.field, "host device " + ShownText(path, 80));
  }
}

void DeviceRule(const Subject& subject, Report& report) {
  for (const Item& rule : subject.settings.privileges.device_rules) {
    report.Add(rule.field, "device rule " + ShownText(rule.value, 40));
  }
}

void DeviceRequest(const Subject& subject, Report& report) {
  for (const Item& request : subject.settings.privileges.device_requests) {
    report.Add(request.field, "asks for a GPU or its like");
  }
}

void EngineAddress(const Subject& subject, Report& report) {
  for (const NamedItem& variable : subject.settings.texts.environment) {
    // The address may hold credentials: not shown.
    if (variable.name == "DOCKER_HOST" && !variable.value.empty()) {
      report.Add(variable.field, "DOCKER_HOST is set");
    }
  }
}

void RemoteShell(const Subject& subject, Report& report) {
  const Networking& networking = subject.settings.networking;
  const auto is_shell = [](const PortRange& range) {
    return (range.first <= 22 && range.last >= 22) || (range.first <= 23 && range.last >= 23);
  };
  const bool exposed =
      std::any_of(networking.exposed.begin(), networking.exposed.end(), is_shell) ||
      std::any_of(networking.ports.begin(), networking.ports.end(),
                  [&](const Port& port) { return is_shell(port.container); });
  if (exposed) report.AddSetting({"expose", "Config.ExposedPorts"}, "exposes port 22 or 23");
}

}  // namespace

std::vector<Rule> DeviceRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"PRV-08", "CIS 5.18", kHigh, kIsolation, "A device of the host is given to the container",
       "Remove it from devices.", kSettings, HostDevice},
      {"PRV-19", "CIS 5.18", kHigh, kIsolation, "A device rule opens devices of the host",
       "Remove device_cgroup_rules.", kSettings, DeviceRule},
      {"PRV-20", "CIS 5.18", kMedium, kIsolation,
       "An accelerator of the host is given to the container",
       "Remove the reservation, or waive it for the one service that needs it.", kSettings,
       DeviceRequest},
      {"PRV-12", "CIS 5.32", kHigh, kIsolation, "The container is told where an engine's API is",
       "Remove DOCKER_HOST: whoever reaches an engine owns its host.", kSettings, EngineAddress},
      {"PRV-10", "CIS 5.7", kMedium, kIsolation, "A remote shell is exposed",
       "Remove the SSH or Telnet server; use the engine's exec for maintenance.", kSettings,
       RemoteShell},
  };
}

}  // namespace proving_ground::audit
