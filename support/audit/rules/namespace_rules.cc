// Rules about namespaces: the host's, and other containers'.
#include <fmt/format.h>

#include <map>

#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kNetwork{"network_mode", "HostConfig.NetworkMode"};
constexpr SettingName kProcess{"pid", "HostConfig.PidMode"};
constexpr SettingName kIpc{"ipc", "HostConfig.IpcMode"};
constexpr SettingName kUts{"uts", "HostConfig.UTSMode"};
constexpr SettingName kUser{"userns_mode", "HostConfig.UsernsMode"};
constexpr SettingName kCgroup{"cgroup", "HostConfig.CgroupnsMode"};

bool IsHost(const std::string& mode) { return Lower(mode) == "host"; }

void HostNetwork(const Subject& subject, Report& report) {
  bool host = IsHost(subject.settings.namespaces.network);
  for (const NetworkUse& use : subject.settings.networking.networks)
    host = host || use.name == "host";
  if (host) report.AddSetting(kNetwork, "network namespace of the host");
}

void HostProcesses(const Subject& subject, Report& report) {
  if (IsHost(subject.settings.namespaces.process)) {
    report.AddSetting(kProcess, "process namespace of the host");
  }
}

void HostIpc(const Subject& subject, Report& report) {
  if (IsHost(subject.settings.namespaces.ipc)) report.AddSetting(kIpc, "IPC namespace of the host");
}

void ShareableIpc(const Subject& subject, Report& report) {
  if (subject.settings.namespaces.ipc == "shareable")
    report.AddSetting(kIpc, "IPC namespace can be joined");
}

void HostUts(const Subject& subject, Report& report) {
  if (IsHost(subject.settings.namespaces.uts)) report.AddSetting(kUts, "UTS namespace of the host");
}

void HostUsers(const Subject& subject, Report& report) {
  if (IsHost(subject.settings.namespaces.user))
    report.AddSetting(kUser, "user namespace of the host");
}

void HostCgroup(const Subject& subject, Report& report) {
  if (IsHost(subject.settings.namespaces.cgroup))
    report.AddSetting(kCgroup, "cgroup namespace of the host");
}

// Whose namespace a mode joins.
struct Joined {
  bool any = false;
  const Service* owner = nullptr;  // null: a container that is not of this stack
};

Joined JoinedBy(const StackView& stack, const std::string& mode) {
  constexpr std::string_view kContainer = "container:";
  constexpr std::string_view kService = "service:";
  if (mode.starts_with(kContainer)) {
    return {true, stack.FindContainerOwner(std::string_view(mode).substr(kContainer.size()))};
  }
  if (mode.starts_with(kService)) {
    return {true, stack.FindService(std::string_view(mode).substr(kService.size()))};
  }
  return {};
}

// Reports the joined namespaces whose owner is of the same team (shared services count as one), or
// those whose owner is not.
void Joins(const Subject& subject, Report& report, bool same_team) {
  const Namespaces& namespaces = subject.settings.namespaces;
  const std::pair<const SettingName&, const std::string&> modes[] = {
      {kNetwork, namespaces.network}, {kProcess, namespaces.process}, {kIpc, namespaces.ipc}};
  for (const auto& [name, mode] : modes) {
    const Joined joined = JoinedBy(subject.stack, mode);
    if (!joined.any) continue;
    const bool same = joined.owner != nullptr && joined.owner->team == subject.service.team;
    if (same != same_team) continue;
    report.AddSetting(name, fmt::format("{} namespace of {}", name.declared,
                                        joined.owner == nullptr ? "a container outside the stack"
                                                                : "service " + joined.owner->name));
  }
}

void JoinsForeign(const Subject& subject, Report& report) { Joins(subject, report, false); }
void JoinsOwnTeam(const Subject& subject, Report& report) { Joins(subject, report, true); }

// The mode that was declared for a namespace of this name; null where there is no such setting.
const std::string* DeclaredMode(const Service& service, std::string_view name) {
  const Namespaces& namespaces = service.declared.namespaces;
  if (name == "net") return &namespaces.network;
  if (name == "pid") return &namespaces.process;
  if (name == "ipc") return &namespaces.ipc;
  if (name == "uts") return &namespaces.uts;
  return nullptr;
}

bool IsMeantToShare(const Service& service, std::string_view name) {
  const std::string* mode = DeclaredMode(service, name);
  if (mode == nullptr) return false;
  return IsHost(*mode) || mode->starts_with("container:") || mode->starts_with("service:");
}

// The user namespace is the engine's for all, and the cgroup namespace has a rule of its own.
bool IsPrivateByDefault(std::string_view name) { return name != "user" && name != "cgroup"; }

void SharedInFact(const StackView& stack, Report& report) {
  std::map<std::pair<std::string, std::uint64_t>, const Container*> first_seen;
  for (const auto& [name, inode] : stack.input().host_namespaces)
    first_seen[{name, inode}] = nullptr;
  for (const Service& service : stack.services()) {
    for (const Container& container : service.containers) {
      if (container.live == nullptr) continue;
      for (const auto& [name, inode] : container.live->namespaces) {
        if (!IsPrivateByDefault(name)) continue;
        const auto [seen, is_new] = first_seen.try_emplace({name, inode}, &container);
        if (is_new || IsMeantToShare(service, name)) continue;
        const std::string other = seen->second == nullptr ? "the host" : seen->second->name;
        report.AddAt(
            {.service = service.name, .object = container.name, .field = "/proc/1/ns/" + name},
            fmt::format("shares its {} namespace with {}", name, other));
      }
    }
  }
}

void CgroupNotPrivate(const Subject& subject, Report& report) {
  if (subject.service.declared.namespaces.cgroup != "private") return;
  const auto& host = subject.stack.input().host_namespaces;
  const auto& own = subject.container->live->namespaces;
  const auto host_cgroup = host.find("cgroup");
  const auto own_cgroup = own.find("cgroup");
  if (host_cgroup == host.end() || own_cgroup == own.end()) {
    return report.CannotEvaluate("the cgroup namespace of host or container is not known");
  }
  if (host_cgroup->second == own_cgroup->second) {
    report.Add("/proc/1/ns/cgroup", "declared private, but it is the host's");
  }
}

}  // namespace

std::vector<Rule> NamespaceRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"ISO-02", "CIS 5.10", kCritical, kIsolation, "Shares the host's network",
       "Remove network_mode: host and publish the one port that is needed.", kSettings,
       HostNetwork},
      {"ISO-03", "CIS 5.16", kCritical, kIsolation, "Shares the host's process namespace",
       "Remove pid: host.", kSettings, HostProcesses},
      {"ISO-04", "CIS 5.17", kHigh, kIsolation, "Shares the host's IPC namespace",
       "Remove ipc: host.", kSettings, HostIpc},
      {"ISO-19", "CIS 5.17", kMedium, kIsolation, "Lets others join its IPC namespace",
       "Set ipc: private.", kSettings, ShareableIpc},
      {"ISO-05", "CIS 5.21", kMedium, kIsolation, "Shares the host's UTS namespace",
       "Remove uts: host.", kSettings, HostUts},
      {"ISO-06", "CIS 5.31", kHigh, kIsolation, "Shares the host's user namespace",
       "Remove userns_mode: host; it turns user-namespace remapping off for this container.",
       kSettings, HostUsers},
      {"ISO-07", "cgroup_namespaces(7)", kMedium, kIsolation, "Shares the host's cgroup namespace",
       "Set cgroup: private: with version 1 of cgroups the engine's default is the host's.",
       kSettings, HostCgroup},
      {"ISO-08", "namespaces(7)", kCritical, kCrossTeam,
       "Joins a namespace of another team's container, or of one outside the stack",
       "Remove the service: or container: mode; let them talk over a network.", kSettings,
       JoinsForeign},
      {"ISO-20", "namespaces(7)", kMedium, kIsolation, "Joins a namespace of another service",
       "Remove the service: or container: mode unless both are one unit.", kSettings, JoinsOwnTeam},
      {"ISO-15", "namespaces(7)", kHigh, kIsolation,
       "Shares a namespace that was declared to be its own",
       "Recreate the container from its declaration.", SharedInFact},
      {"ISO-29", "cgroup_namespaces(7)", kMedium, kIsolation,
       "A private cgroup namespace is declared and not in force",
       "Recreate the container; where it stays so, the engine or kernel is too old.", kLive,
       CgroupNotPrivate},
  };
}

}  // namespace proving_ground::audit
