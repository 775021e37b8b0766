// Rules about capabilities, asked for and held.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/audit/rules/capabilities.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kAdd{"cap_add", "HostConfig.CapAdd"};
constexpr SettingName kDrop{"cap_drop", "HostConfig.CapDrop"};

enum class Weight { kHost, kStrong, kOrdinary, kHarmless };

// What a capability is worth to someone who has taken over a process (capabilities(7)).
Weight WeightOf(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kHost = {
      "ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO",    "SYS_PTRACE",         "DAC_READ_SEARCH",
      "BPF", "SYS_BOOT",  "MAC_ADMIN",  "MAC_OVERRIDE", "CHECKPOINT_RESTORE", "SYS_TIME"};
  // Those that entry points need to drop root, and those that reach no further than the container.
  // What lifts file permissions or hands out capabilities is strong.
  static constexpr std::array<std::string_view, 10> kOrdinary = {
      "CHOWN", "FSETID",      "SETGID", "SETUID",   "SYS_CHROOT",
      "KILL",  "AUDIT_WRITE", "LEASE",  "IPC_LOCK", "WAKE_ALARM"};
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (among(kHost)) return Weight::kHost;
  if (among(kOrdinary)) return Weight::kOrdinary;
  return name == "NET_BIND_SERVICE" ? Weight::kHarmless : Weight::kStrong;
}

bool IsKnown(std::string_view name) { return name == "ALL" || CapabilityNumber(name).has_value(); }

void Added(const Subject& subject, Report& report, Weight weight) {
  for (const Item& item : subject.settings.privileges.added_capabilities) {
    if (IsKnown(item.value) && WeightOf(item.value) == weight) {
      report.Add(item.field, "adds " + item.value);
    }
  }
}

void HostCapabilityAdded(const Subject& subject, Report& report) {
  Added(subject, report, Weight::kHost);
}

void StrongCapabilityAdded(const Subject& subject, Report& report) {
  Added(subject, report, Weight::kStrong);
}

void OrdinaryCapabilityAdded(const Subject& subject, Report& report) {
  Added(subject, report, Weight::kOrdinary);
}

void UnknownCapability(const Subject& subject, Report& report) {
  const Privileges& privileges = subject.settings.privileges;
  for (const auto* list : {&privileges.added_capabilities, &privileges.dropped_capabilities}) {
    for (const Item& item : *list) {
      if (!IsKnown(item.value)) report.Add(item.field, "unknown: " + ShownText(item.value, 40));
    }
  }
}

void NotDropped(const Subject& subject, Report& report) {
  if (DropsAll(subject.settings.privileges)) return;
  report.AddSetting(kDrop, "the engine's default capabilities are kept");
}

void RawSockets(const Subject& subject, Report& report) {
  if (Holds(GrantedCapabilities(subject.settings.privileges), "NET_RAW")) {
    report.AddSetting(kDrop, "NET_RAW is held");
  }
}

void AddAndDropAll(const Subject& subject, Report& report) {
  const Privileges& privileges = subject.settings.privileges;
  const bool adds_all =
      std::any_of(privileges.added_capabilities.begin(), privileges.added_capabilities.end(),
                  [](const Item& item) { return item.value == "ALL"; });
  if (adds_all && DropsAll(privileges))
    report.AddSetting(kAdd, "adds ALL and drops ALL: all are held");
}

void MoreThanDeclared(const Subject& subject, Report& report) {
  const auto& status = subject.container->live->status;
  if (!status) return report.CannotEvaluate("/proc/1/status could not be read");
  const Settings& declared =
      subject.service.model != nullptr ? subject.service.declared : subject.settings;
  const CapabilitySet held =
      status->effective_capabilities | status->bounding_capabilities | status->ambient_capabilities;
  const CapabilitySet more = held & ~GrantedCapabilities(declared.privileges);
  if (more != 0)
    report.Add("/proc/1/status CapBnd", "held and not declared: " + CapabilityText(more));
}

void Ambient(const Subject& subject, Report& report) {
  const auto& status = subject.container->live->status;
  if (!status) return report.CannotEvaluate("/proc/1/status could not be read");
  if (status->ambient_capabilities == 0) return;
  report.Add("/proc/1/status CapAmb", "ambient: " + CapabilityText(status->ambient_capabilities));
}

}  // namespace

std::vector<Rule> CapabilityRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"PRV-01", "CIS 5.4", kCritical, kIsolation, "Adds a capability that leads to the host",
       "Remove it from cap_add; no service of a worker platform needs it.", kSettings,
       HostCapabilityAdded},
      {"PRV-13", "CIS 5.4", kHigh, kIsolation, "Adds a strong capability",
       "Remove it from cap_add, or give the task to a process outside the stack.", kSettings,
       StrongCapabilityAdded},
      {"PRV-14", "CIS 5.4", kLow, kIsolation, "Adds an ordinary capability",
       "Start as the final user and let the image own its files; then it is not needed.", kSettings,
       OrdinaryCapabilityAdded},
      {"PRV-15", "capabilities(7)", kLow, kIsolation, "Names a capability the kernel does not have",
       "Correct the name: what is misspelt is neither added nor dropped.", kSettings,
       UnknownCapability},
      {"PRV-02", "CIS 5.4", kMedium, kIsolation, "Capabilities are not dropped",
       "Set cap_drop: [ALL] and add back single ones where needed.", kSettings, NotDropped},
      {"PRV-03", "CIS 5.4", kMedium, kIsolation, "May open raw sockets",
       "Drop ALL, or at least NET_RAW: with it a container can forge packets to its neighbours.",
       kSettings, RawSockets},
      {"PRV-23", "moby oci/caps", kHigh, kIsolation, "Drops all capabilities and adds all of them",
       "Remove ALL from cap_add: it wins over cap_drop.", kSettings, AddAndDropAll},
      {"PRV-04", "capabilities(7)", kHigh, kIsolation, "Holds capabilities that were not declared",
       "Recreate the container from its declaration, and find out who started it otherwise.", kLive,
       MoreThanDeclared},
      {"PRV-16", "capabilities(7)", kMedium, kIsolation, "Holds ambient capabilities",
       "Remove them: they pass to every program the process starts.", kLive, Ambient},
  };
}

}  // namespace proving_ground::audit
