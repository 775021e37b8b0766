// Rules about privileged mode, users and groups.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kPrivileged{"privileged", "HostConfig.Privileged"};
constexpr SettingName kUser{"user", "Config.User"};

// "0", "00", "+0" and "root"; empty is what an image without a user has.
bool IsRoot(std::string name) {
  if (name.starts_with('+') || name.starts_with('-')) name.erase(0, 1);
  return name.empty() || name == "root" || name.find_first_not_of('0') == std::string::npos;
}

std::string UserPart(const std::string& user) { return user.substr(0, user.find(':')); }

void Privileged(const Subject& subject, Report& report) {
  if (subject.settings.privileges.privileged) report.AddSetting(kPrivileged, "privileged");
}

// The user a service without one gets: its image's. nullopt: not known.
std::optional<std::string> ImageUser(const Subject& subject) {
  const nlohmann::json* image = subject.stack.ImageOf(subject.service);
  if (image == nullptr) return std::nullopt;
  return Text(Path(*image, {"Config", "User"}));
}

void RootUser(const Subject& subject, Report& report) {
  const std::string& user = subject.settings.privileges.user;
  const bool declared = subject.container == nullptr;
  if (!declared && subject.container->live != nullptr && subject.container->live->status) {
    // Entry points may drop root, or keep it: the kernel knows.
    if (subject.container->live->status->effective_uid == 0) {
      report.Add("/proc/1/status Uid", "runs as root");
    }
    return;
  }
  if (!declared || !user.empty()) {
    if (IsRoot(UserPart(user))) report.AddSetting(kUser, "runs as root");
    return;
  }
  if (!subject.service.containers.empty()) return;  // judged by what they run as
  const auto image_user = ImageUser(subject);
  if (!image_user)
    return report.CannotEvaluate("no user is declared, and the image's is not known");
  if (IsRoot(UserPart(*image_user))) report.AddSetting(kUser, "runs as root");
}

void RootGroup(const Subject& subject, Report& report) {
  const Privileges& privileges = subject.settings.privileges;
  const std::size_t colon = privileges.user.find(':');
  if (colon != std::string::npos && IsRoot(privileges.user.substr(colon + 1))) {
    report.AddSetting(kUser, "has the primary group root");
  }
  const Container* container = subject.container;
  if (container != nullptr && container->live != nullptr && container->live->status &&
      container->live->status->effective_gid == 0) {
    report.Add("/proc/1/status Gid", "has the primary group root");
  }
}

void PowerfulGroup(const Subject& subject, Report& report) {
  static constexpr std::array<std::string_view, 12> kGroups = {
      "docker", "podman", "disk", "sudo", "wheel",   "adm",
      "shadow", "kmem",   "lxd",  "lxc",  "libvirt", "root"};
  for (const Item& group : subject.settings.privileges.groups) {
    const bool named = std::find(kGroups.begin(), kGroups.end(), group.value) != kGroups.end();
    if (named || IsRoot(group.value)) {
      report.Add(group.field, "is in group " + ShownText(group.value, 40));
    }
  }
}

// Compose runs these through `docker exec`, as a user and with privileges of their own.
void PrivilegedHook(const Subject& subject, Report& report) {
  for (const char* list : {"post_start", "pre_stop"}) {
    const nlohmann::json* hooks = Member(*subject.service.model, list);
    if (!IsArray(hooks)) continue;
    for (std::size_t i = 0; i < hooks->size(); ++i) {
      const nlohmann::json& hook = (*hooks)[i];
      const std::string user = Text(Member(hook, "user"));
      if (Text(Member(hook, "privileged")) == "true") {
        report.Add(fmt::format("{}[{}].privileged", list, i), "a hook runs privileged");
      } else if (!user.empty() && IsRoot(UserPart(user))) {
        report.Add(fmt::format("{}[{}].user", list, i), "a hook runs as root");
      }
    }
  }
}

// A provider is a program on the host that Compose runs instead of a container.
void HostProvider(const Subject& subject, Report& report) {
  if (Member(*subject.service.model, "provider") != nullptr) {
    report.Add("provider", "the service is a program on the host");
  }
}

}  // namespace

std::vector<Rule> PrivilegeRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"ISO-01", "CIS 5.5", kCritical, kIsolation, "Container is privileged",
       "Remove privileged: true; it lifts every boundary to the host.", kSettings, Privileged},
      {"PRV-05", "CIS 4.1", kHigh, kIsolation, "Main process runs as root",
       "Set user: in the service or USER in the image to an account without privileges.", kSettings,
       RootUser},
      {"PRV-17", "CIS 4.1", kLow, kIsolation, "Main process has the group root",
       "Give user: a group too (\"10001:10001\"): root's group can read much of an image.",
       kSettings, RootGroup},
      {"PRV-18", "CIS 4.1", kMedium, kIsolation, "Joins a group with power over the host",
       "Remove it from group_add; with a mounted socket or device it is as good as root.",
       kSettings, PowerfulGroup},
      {"PRV-22", "Compose: lifecycle hooks", kHigh, kIsolation,
       "A lifecycle hook runs with privileges",
       "Run the hook as the service's own user and unprivileged.", kDeclared, PrivilegedHook},
      {"PRV-24", "Compose: provider", kMedium, kIsolation,
       "A service is a provider program on the host",
       "Replace it with a container: a provider runs with the rights of whoever starts Compose.",
       kDeclared, HostProvider},
  };
}

}  // namespace proving_ground::audit
