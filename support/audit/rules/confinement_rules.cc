// Rules about seccomp, AppArmor, SELinux, no-new-privileges and the kernel's own files.
#include <algorithm>
#include <array>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kSecurity{"security_opt", "HostConfig.SecurityOpt"};

// The item that sets an option; null where none does. The engine lets the last one win.
const Item* FindOption(const Settings& settings, std::string_view name) {
  const auto& options = settings.privileges.security_options;
  for (auto item = options.rbegin(); item != options.rend(); ++item) {
    if (ParseSecurityOption(item->value).name == name) return &*item;
  }
  return nullptr;
}

bool EngineHas(const StackView& stack, std::string_view feature) {
  const nlohmann::json* options =
      stack.info() == nullptr ? nullptr : Member(*stack.info(), "SecurityOptions");
  if (!IsArray(options)) return false;
  return std::any_of(options->begin(), options->end(), [&](const nlohmann::json& option) {
    const std::string text = Text(&option);
    return text == feature || text.starts_with("name=" + std::string(feature));
  });
}

void SeccompOff(const Subject& subject, Report& report) {
  const Item* item = FindOption(subject.settings, "seccomp");
  if (item == nullptr) return;
  const std::string value = ParseSecurityOption(item->value).value;
  if (value == "unconfined") report.Add(item->field, "seccomp is off");
  if (!value.starts_with('{')) return;
  // Inspections hold the whole profile. One that allows what it does not name is a list of
  // exceptions.
  const auto profile = nlohmann::json::parse(value, nullptr, false);
  if (Text(Member(profile, "defaultAction")) == "SCMP_ACT_ALLOW") {
    report.Add(item->field, "its seccomp profile allows all calls it does not name");
  }
}

void SeccompNotInForce(const Subject& subject, Report& report) {
  const auto& status = subject.container->live->status;
  if (!status) return report.CannotEvaluate("/proc/1/status could not be read");
  constexpr int kFilter = 2;
  if (status->seccomp_mode != kFilter)
    report.Add("/proc/1/status Seccomp", "no seccomp filter in force");
}

void AppArmorOff(const Subject& subject, Report& report) {
  const Item* item = FindOption(subject.settings, "apparmor");
  if (item != nullptr && ParseSecurityOption(item->value).value == "unconfined") {
    return report.Add(item->field, "AppArmor is off");
  }
  if (subject.container == nullptr) return;
  const std::string profile = Text(Member(*subject.container->inspected, "AppArmorProfile"));
  const bool missing = profile.empty() && EngineHas(subject.stack, "apparmor");
  if (profile == "unconfined" || missing) report.Add("AppArmorProfile", "AppArmor is off");
}

void SelinuxOff(const Subject& subject, Report& report) {
  for (const Item& item : subject.settings.privileges.security_options) {
    const SecurityOption option = ParseSecurityOption(item.value);
    const bool off =
        item.value == "disable" ||
        (option.name == "label" && (option.value == "disable" || option.value == "type:spc_t"));
    if (off) report.Add(item.field, "SELinux separation is off");
  }
}

bool ForbidsNewPrivileges(const Settings& settings) {
  const Item* item = FindOption(settings, "no-new-privileges");
  if (item == nullptr) return false;
  const std::string value = ParseSecurityOption(item->value).value;
  return value.empty() || IsTrueWord(value);
}

void NewPrivileges(const Subject& subject, Report& report) {
  if (ForbidsNewPrivileges(subject.settings)) return;
  // The engine may be set to forbid them for all containers: the kernel knows.
  const LiveTruth* live = subject.container == nullptr ? nullptr : subject.container->live;
  if (live != nullptr && live->status && live->status->no_new_privileges) return;
  report.AddSetting(kSecurity, "new privileges can be gained");
}

void NewPrivilegesNotForbidden(const Subject& subject, Report& report) {
  const auto& status = subject.container->live->status;
  if (!status) return report.CannotEvaluate("/proc/1/status could not be read");
  const bool meant =
      ForbidsNewPrivileges(subject.settings) || ForbidsNewPrivileges(subject.service.declared);
  if (meant && !status->no_new_privileges) {
    report.Add("/proc/1/status NoNewPrivs", "no-new-privileges is declared, not in force");
  }
}

void OpenedPaths(const Subject& subject, Report& report) {
  if (!subject.settings.privileges.opened_paths) return;
  report.AddSetting({"security_opt", "HostConfig.MaskedPaths"},
                    "the kernel's sensitive paths are not masked");
}

void OtherRuntime(const Subject& subject, Report& report) {
  static constexpr std::array<std::string_view, 8> kExpected = {
      "",      "runc",         "io.containerd.runc.v2",  "crun",
      "runsc", "kata-runtime", "io.containerd.runsc.v1", "io.containerd.kata.v2"};
  const std::string& runtime = subject.settings.namespaces.runtime;
  if (std::find(kExpected.begin(), kExpected.end(), runtime) != kExpected.end()) return;
  report.AddSetting({"runtime", "HostConfig.Runtime"}, "runtime " + ShownText(runtime, 60));
}

void OtherCgroupParent(const Subject& subject, Report& report) {
  const std::string& parent = subject.settings.namespaces.cgroup_parent;
  if (parent.empty()) return;
  report.AddSetting({"cgroup_parent", "HostConfig.CgroupParent"},
                    "cgroup parent " + ShownText(parent, 60));
}

// The last mount on a path is the one that is seen.
const LiveMount* MountOn(const std::vector<LiveMount>& mounts, std::string_view target) {
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (mount->target == target) return &*mount;
  }
  return nullptr;
}

void WritableKernel(const Subject& subject, Report& report) {
  const auto& mounts = subject.container->live->mounts;
  if (!mounts) return report.CannotEvaluate("/proc/1/mountinfo could not be read");
  // /proc itself is writable: what is sensitive in it is covered by read-only mounts.
  const LiveMount* const settings = MountOn(*mounts, "/proc/sys");
  const bool covered = settings != nullptr && settings->read_only;
  if (!covered) report.Add("/proc/1/mountinfo", "/proc/sys is writable");
  // /sys need not be there; nor, in a kernel without SysRq, its trigger, which the engine covers in
  // one go with /proc/sys.
  for (const char* path : {"/proc/sysrq-trigger", "/sys"}) {
    const LiveMount* const mount = MountOn(*mounts, path);
    const bool bare = mount == nullptr && std::string_view(path) != "/sys" && !covered;
    if (bare || (mount != nullptr && !mount->read_only)) {
      report.Add("/proc/1/mountinfo", std::string(path) + " is writable");
    }
  }
  for (const LiveMount& mount : *mounts) {
    if (mount.type.starts_with("cgroup") && !mount.read_only) {
      report.Add("/proc/1/mountinfo", mount.target + " is writable");
    }
  }
}

}  // namespace

std::vector<Rule> ConfinementRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"ISO-09", "CIS 5.22", kHigh, kIsolation, "Seccomp is off",
       "Remove seccomp=unconfined; where the default profile is too tight, extend a copy of it.",
       kSettings, SeccompOff},
      {"ISO-21", "seccomp(2)", kHigh, kIsolation, "No seccomp filter is in force",
       "Recreate the container without privileged and seccomp=unconfined, on an engine with "
       "seccomp.",
       kLive, SeccompNotInForce},
      {"ISO-10", "CIS 5.2", kMedium, kIsolation, "AppArmor is off", "Remove apparmor=unconfined.",
       kSettings, AppArmorOff},
      {"ISO-11", "CIS 5.3", kMedium, kIsolation, "SELinux separation is off",
       "Remove label=disable; label single mounts with :z or :Z instead.", kSettings, SelinuxOff},
      {"ISO-12", "CIS 5.26", kHigh, kIsolation, "New privileges can be gained",
       "Add no-new-privileges:true to security_opt.", kSettings, NewPrivileges},
      {"ISO-22", "prctl(2)", kHigh, kIsolation, "no-new-privileges is declared and not in force",
       "Recreate the container from its declaration.", kLive, NewPrivilegesNotForbidden},
      {"ISO-13", "moby: MaskedPaths", kHigh, kIsolation, "The kernel's sensitive paths are open",
       "Remove systempaths=unconfined.", kSettings, OpenedPaths},
      {"ISO-14", "moby: runtimes", kLow, kIsolation, "An unusual runtime is used",
       "Remove runtime, or waive it with the reason why it isolates no less.", kSettings,
       OtherRuntime},
      {"ISO-23", "CIS 5.25", kLow, kIsolation, "A cgroup parent of its own is set",
       "Remove cgroup_parent: limits of the engine's own parent may not hold there.", kSettings,
       OtherCgroupParent},
      {"ISO-16", "proc(5), sysfs(5)", kCritical, kIsolation, "The kernel's settings are writable",
       "Recreate the container unprivileged, with the engine's read-only paths.", kLive,
       WritableKernel},
  };
}

}  // namespace proving_ground::audit
