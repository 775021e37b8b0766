// Rules about what of the host is mounted into containers.
#include <fmt/format.h>

#include <set>

#include "support/audit/rules/host_paths.h"
#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

std::string MountText(const Mount& mount) {
  return fmt::format("{} on {}{}", ShownText(mount.source, 100), ShownText(mount.target, 80),
                     mount.read_only ? ", read-only" : "");
}

std::string ProjectFolder(const Subject& subject) {
  return CleanPath(subject.stack.input().folder.string());
}

// Calls `judge` with each bind mount and what its source is.
template <typename Judge>
void ForBinds(const Subject& subject, const Judge& judge) {
  const std::string project = ProjectFolder(subject);
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind == Mount::Kind::kBind) judge(mount, Classify(mount.source, project));
  }
}

void EngineSocket(const Subject& subject, Report& report) {
  ForBinds(subject, [&](const Mount& mount, HostPath path) {
    if (path == HostPath::kEngine) report.Add(mount.field, MountText(mount));
  });
  for (const Mount& mount : subject.settings.mounts) {
    const bool pipe =
        mount.kind == Mount::Kind::kPipe || mount.source.find("docker_engine") != std::string::npos;
    if (pipe) report.Add(mount.field, MountText(mount));
  }
}

void SensitiveWritable(const Subject& subject, Report& report) {
  ForBinds(subject, [&](const Mount& mount, HostPath path) {
    const bool sensitive = path == HostPath::kSensitive || path == HostPath::kHarmless;
    if (sensitive && !mount.read_only) report.Add(mount.field, MountText(mount));
  });
}

void SensitiveReadOnly(const Subject& subject, Report& report) {
  ForBinds(subject, [&](const Mount& mount, HostPath path) {
    if (path == HostPath::kSensitive && mount.read_only) report.Add(mount.field, MountText(mount));
  });
}

void OtherWritable(const Subject& subject, Report& report) {
  ForBinds(subject, [&](const Mount& mount, HostPath path) {
    if (path == HostPath::kOrdinary && !mount.read_only && !mount.source.starts_with("/dev/")) {
      report.Add(mount.field, MountText(mount));
    }
  });
}

void Propagates(const Subject& subject, Report& report) {
  for (const Mount& mount : subject.settings.mounts) {
    const std::string& mode = mount.propagation;
    if (mode == "shared" || mode == "rshared" || mode == "slave" || mode == "rslave") {
      report.Add(mount.field, fmt::format("{} is mounted {}", ShownText(mount.target), mode));
    }
  }
}

// The device a volume of the local driver is made of: "o: bind, device: /etc" is a bind mount.
void VolumeOfHostFolder(const StackView& stack, Report& report) {
  const std::string project = CleanPath(stack.input().folder.string());
  for (const VolumeView& volume : stack.volumes()) {
    if (volume.declared == nullptr) continue;
    const std::string device = Text(Path(*volume.declared, {"driver_opts", "device"}));
    if (!device.starts_with('/')) continue;
    const HostPath path = Classify(CleanPath(device), project);
    if (path != HostPath::kSensitive && path != HostPath::kEngine) continue;
    const std::string field = fmt::format("volumes.{}.driver_opts.device", volume.key);
    if (volume.uses.empty()) {
      report.AddAt({.object = volume.key, .field = field}, "volume of " + ShownText(device));
    }
    for (const VolumeUse& use : volume.uses) {  // each of them mounts it
      report.AddAt({.service = use.service->name, .object = volume.key, .field = field},
                   "volume of " + ShownText(device));
    }
  }
}

// Configs and secrets are mounted from files of the host.
void SensitiveFileAsConfig(const StackView& stack, Report& report) {
  const std::string project = CleanPath(stack.input().folder.string());
  for (const char* kind : {"configs", "secrets"}) {
    const nlohmann::json* all = Member(stack.input().model, kind);
    if (!IsObject(all)) continue;
    for (const auto& [name, source] : all->items()) {
      const std::string file = Text(Member(source, "file"));
      if (!file.starts_with('/')) continue;
      const HostPath path = Classify(CleanPath(file), project);
      if (path != HostPath::kSensitive && path != HostPath::kEngine) continue;
      report.AddAt({.object = name, .field = fmt::format("{}.{}.file", kind, name)},
                   "made of " + ShownText(file));
    }
  }
}

void SocketUnderAnotherName(const Subject& subject, Report& report) {
  const auto& mounts = subject.container->live->mounts;
  if (!mounts) return report.CannotEvaluate("/proc/1/mountinfo could not be read");
  for (const LiveMount& mount : *mounts) {
    if (IsEngineSocketName(mount.root)) {
      report.Add("/proc/1/mountinfo",
                 fmt::format("{} is an engine's socket", ShownText(mount.target)));
    }
  }
}

void AllMountsOfAnother(const Subject& subject, Report& report) {
  const nlohmann::json* from = Member(*subject.service.model, "volumes_from");
  if (!IsArray(from)) return;
  for (std::size_t i = 0; i < from->size(); ++i) {
    report.Add(fmt::format("volumes_from[{}]", i),
               "mounts all of " + ShownText(Text(&(*from)[i]), 80));
  }
}

// Targets a service may have mounts on, secrets and configs included.
std::set<std::string> DeclaredTargets(const Service& service) {
  std::set<std::string> targets;
  for (const Mount& mount : service.declared.mounts) targets.insert(mount.target);
  for (const char* kind : {"secrets", "configs"}) {
    const nlohmann::json* uses = Member(*service.model, kind);
    if (!IsArray(uses)) continue;
    for (const nlohmann::json& use : *uses) {
      const std::string name = use.is_string() ? Text(&use) : Text(Member(use, "source"));
      std::string target = Text(Member(use, "target"));
      if (target.empty()) target = name;
      const std::string folder = std::string_view(kind) == "secrets" ? "/run/secrets/" : "/";
      targets.insert(CleanPath(target.starts_with('/') ? target : folder + target));
    }
  }
  return targets;
}

void UndeclaredMount(const Subject& subject, Report& report) {
  const Service& service = subject.service;
  if (service.model == nullptr || Member(*service.model, "volumes_from") != nullptr) return;
  const std::set<std::string> targets = DeclaredTargets(service);
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind == Mount::Kind::kBind && !targets.contains(mount.target)) {
      report.Add(mount.field, "not declared: " + MountText(mount));
    }
  }
}

}  // namespace

std::vector<Rule> MountRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"MNT-01", "CIS 5.32", kCritical, kFileSystem, "A container engine's socket is mounted",
       "Remove the mount, and mounts of folders above it: who reaches the socket owns the host, "
       "and "
       "read-only does not change that.",
       kSettings, EngineSocket},
      {"MNT-02", "CIS 5.6", kCritical, kFileSystem,
       "A system folder of the host is mounted writable",
       "Remove the mount; copy what is needed into the image or a named volume.", kSettings,
       SensitiveWritable},
      {"MNT-13", "CIS 5.6", kHigh, kFileSystem, "A system folder of the host is mounted",
       "Remove the mount; also read-only it tells about host, users and keys.", kSettings,
       SensitiveReadOnly},
      {"MNT-03", "Docker: bind mounts", kMedium, kFileSystem,
       "A folder of the host is mounted writable",
       "Mount it read-only, or keep the data in a named volume.", kSettings, OtherWritable},
      {"MNT-04", "CIS 5.20", kHigh, kFileSystem, "Mounts propagate between host and container",
       "Remove the propagation mode; rprivate is the default.", kSettings, Propagates},
      {"MNT-18", "Docker: local volume driver", kCritical, kFileSystem,
       "A volume is made of a system folder of the host",
       "Remove driver_opts: a volume with o: bind is a bind mount by another name.",
       VolumeOfHostFolder},
      {"MNT-20", "Compose: configs, secrets", kHigh, kFileSystem,
       "A config or secret is made of a system file of the host", "Name a file of the project.",
       SensitiveFileAsConfig},
      {"MNT-21", "CIS 5.32", kCritical, kFileSystem,
       "An engine's socket is mounted under another name",
       "Remove the mount: a link on the host leads to the socket.", kLive, SocketUnderAnotherName},
      {"MNT-17", "Compose: volumes_from", kMedium, kFileSystem,
       "Takes over all mounts of another container",
       "Name the volumes that are needed, each with its access.", kDeclared, AllMountsOfAnother},
      {"MNT-22", "declared against effective", kHigh, kFileSystem,
       "A folder of the host is mounted that was not declared",
       "Recreate the container from its declaration, and find out who started it otherwise.",
       kContainer, UndeclaredMount},
  };
}

}  // namespace proving_ground::audit
