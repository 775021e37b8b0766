// Rules about a container's own file system: its root, tmpfs mounts and volumes without a name.
#include <fmt/format.h>

#include <algorithm>

#include "support/audit/rules/rule_table.h"
#include "support/audit/rules/spelling.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kReadOnly{"read_only", "HostConfig.ReadonlyRootfs"};

void WritableRoot(const Subject& subject, Report& report) {
  if (!subject.settings.read_only) report.AddSetting(kReadOnly, "root file system is writable");
}

const LiveMount* LastMountOn(const std::vector<LiveMount>& mounts, std::string_view target) {
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (CleanPath(mount->target) == target) return &*mount;
  }
  return nullptr;
}

void RootNotReadOnly(const Subject& subject, Report& report) {
  if (!subject.settings.read_only && !subject.service.declared.read_only) return;
  const auto& mounts = subject.container->live->mounts;
  const LiveMount* root = mounts ? LastMountOn(*mounts, "/") : nullptr;
  if (root == nullptr) return report.CannotEvaluate("/proc/1/mountinfo could not be read");
  if (!root->read_only) report.Add("/proc/1/mountinfo", "read-only root is declared, not in force");
}

bool Has(const Mount& mount, std::string_view option) {
  return std::find(mount.options.begin(), mount.options.end(), option) != mount.options.end();
}

// The engine adds noexec, nosuid and nodev to every tmpfs; only the opposite words take them away.
void LooseTmpfs(const Subject& subject, Report& report) {
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind != Mount::Kind::kTmpfs) continue;
    for (const char* option : {"exec", "suid", "dev"}) {
      if (Has(mount, option)) {
        report.Add(mount.field, fmt::format("{} is mounted {}", ShownText(mount.target), option));
      }
    }
  }
}

void LooseTmpfsInFact(const Subject& subject, Report& report) {
  const auto& mounts = subject.container->live->mounts;
  if (!mounts) return report.CannotEvaluate("/proc/1/mountinfo could not be read");
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind != Mount::Kind::kTmpfs) continue;
    const LiveMount* live = LastMountOn(*mounts, mount.target);
    if (live == nullptr) {
      report.Add("/proc/1/mountinfo", ShownText(mount.target) + " is no tmpfs");
      continue;
    }
    for (const char* option : {"noexec", "nosuid", "nodev"}) {
      const std::string opposite = std::string_view(option).substr(2).data();
      if (!live->options.contains(option) && !Has(mount, opposite)) {
        report.Add("/proc/1/mountinfo",
                   fmt::format("{} is mounted without {}", ShownText(mount.target), option));
      }
    }
  }
}

void TmpfsWithoutSize(const Subject& subject, Report& report) {
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind != Mount::Kind::kTmpfs) continue;
    const bool sized =
        mount.size.value_or(0) > 0 ||
        std::any_of(mount.options.begin(), mount.options.end(), [](const auto& option) {
          return option.starts_with("size=") || option.starts_with("nr_blocks=");
        });
    if (!sized) report.Add(mount.field, ShownText(mount.target) + " has no size");
  }
}

std::optional<unsigned> ModeOf(const Mount& mount) {
  for (const std::string& option : mount.options) {
    if (!option.starts_with("mode=")) continue;
    unsigned mode = 0;
    for (const char digit : option.substr(5, 6)) {
      if (digit < '0' || digit > '7') return std::nullopt;
      mode = mode * 8 + static_cast<unsigned>(digit - '0');
    }
    return mode;
  }
  return mount.mode;
}

void TmpfsForAll(const Subject& subject, Report& report) {
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.kind != Mount::Kind::kTmpfs) continue;
    const unsigned mode = ModeOf(mount).value_or(01777);
    if ((mode & 02) != 0 && (mode & 01000) == 0) {
      report.Add(mount.field, fmt::format("{} has mode {:o}", ShownText(mount.target), mode));
    }
  }
}

void NamelessVolume(const Subject& subject, Report& report) {
  for (const Mount& mount : subject.settings.mounts) {
    if (mount.anonymous)
      report.Add(mount.field, ShownText(mount.target) + " is a volume without a name");
  }
}

void StateInContainer(const Subject& subject, Report& report) {
  if (subject.service.role != "redis") return;
  const auto& mounts = subject.settings.mounts;
  const bool kept = std::any_of(mounts.begin(), mounts.end(), [](const Mount& mount) {
    if (mount.read_only || mount.anonymous) return false;
    return mount.kind == Mount::Kind::kVolume || mount.kind == Mount::Kind::kBind;
  });
  if (!kept)
    report.AddSetting({"volumes", "Mounts"},
                      "Redis has no named volume: its data go with the container");
}

}  // namespace

std::vector<Rule> FileSystemRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"MNT-05", "CIS 5.13", kMedium, kFileSystem, "Root file system is writable",
       "Set read_only: true and give what must be written a tmpfs or a volume.", kSettings,
       WritableRoot},
      {"MNT-14", "declared against effective", kHigh, kFileSystem,
       "A read-only root is declared and not in force",
       "Recreate the container from its declaration.", kLive, RootNotReadOnly},
      {"MNT-06", "mount(8)", kLow, kFileSystem, "A tmpfs allows programs, setuid or devices",
       "Remove exec, suid and dev from its options.", kSettings, LooseTmpfs},
      {"MNT-23", "declared against effective", kMedium, kFileSystem,
       "A tmpfs is not what was declared",
       "Recreate the container; the engine adds noexec, nosuid and nodev by itself.", kLive,
       LooseTmpfsInFact},
      {"MNT-15", "tmpfs(5)", kLow, kFileSystem, "A tmpfs has no size",
       "Add size=: without it a tmpfs takes up to half of the host's memory.", kSettings,
       TmpfsWithoutSize},
      {"MNT-16", "tmpfs(5)", kLow, kFileSystem,
       "A tmpfs is writable for all without the sticky bit", "Set mode=1777, or a narrower one.",
       kSettings, TmpfsForAll},
      {"MNT-08", "Docker: volumes", kHigh, kFileSystem, "State is kept in a volume without a name",
       "Give the volume a name: one without is left behind when the container is made anew.",
       kSettings, NamelessVolume},
      {"MNT-24", "Redis: persistence", kHigh, kFileSystem,
       "Redis keeps its data inside the container", "Mount a named volume on its data folder.",
       kSettings, StateInContainer},
  };
}

}  // namespace proving_ground::audit
