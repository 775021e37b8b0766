// Rules about volumes and folders that several services use, and about how volumes are made.
#include <fmt/format.h>

#include <map>
#include <set>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// What services mount, by source; each service once.
std::map<std::string, std::map<std::string, const Service*>> UsersBySource(const StackView& stack) {
  std::map<std::string, std::map<std::string, const Service*>> users;
  for (const VolumeView& volume : stack.volumes()) {
    for (const VolumeUse& use : volume.uses) {
      users["volume " + volume.key][use.service->name] = use.service;
    }
  }
  for (const Service& service : stack.services()) {
    for (const Mount& mount : service.declared.mounts) {
      // Read-only folders of the host hold configuration: sharing them lets nothing pass.
      if (mount.kind == Mount::Kind::kBind && !mount.read_only) {
        users["folder " + mount.source][service.name] = &service;
      }
    }
  }
  return users;
}

void SharedByTeams(const StackView& stack, Report& report) {
  for (const auto& [source, services] : UsersBySource(stack)) {
    std::map<std::string, std::string> team_services;
    for (const auto& [name, service] : services) {
      if (!service->team.empty()) team_services.try_emplace(service->team, name);
    }
    if (team_services.size() < 2) continue;
    const auto& [first_team, first] = *team_services.begin();
    for (const auto& [team, service] : team_services) {
      if (team == first_team) continue;
      report.AddAt({.service = service, .field = fmt::format("services.{}.volumes", service)},
                   fmt::format("shares {} with {} of another team", ShownText(source), first));
    }
  }
}

// Numeric user of a service; empty when it is not known.
std::string UserOf(const StackView& stack, const Service& service) {
  for (const Container& container : service.containers) {
    if (container.live != nullptr && container.live->status) {
      return std::to_string(container.live->status->effective_uid);
    }
    return container.settings.privileges.user.substr(0,
                                                     container.settings.privileges.user.find(':'));
  }
  std::string user = service.declared.privileges.user;
  if (user.empty()) {
    const nlohmann::json* image = stack.ImageOf(service);
    if (image != nullptr) user = Text(Path(*image, {"Config", "User"}));
  }
  return user.substr(0, user.find(':'));
}

void OneUserForTeams(const StackView& stack, Report& report) {
  for (const auto& [source, services] : UsersBySource(stack)) {
    std::map<std::string, const Service*> first_by_user;
    for (const auto& [name, service] : services) {
      const std::string user = UserOf(stack, *service);
      if (user.empty() || service->team.empty()) continue;
      const auto [at, is_new] = first_by_user.try_emplace(user, service);
      if (is_new || at->second->team == service->team) continue;
      report.AddAt({.service = name, .field = ServiceField(*service, "user")},
                   fmt::format("user {} of {} as well, on a common {}", ShownText(user, 20),
                               at->second->name, ShownText(source)));
    }
  }
}

// Options of network file systems carry user and password in one text: it is never shown.
void PasswordInOptions(const StackView& stack, Report& report) {
  for (const VolumeView& volume : stack.volumes()) {
    if (volume.declared == nullptr) continue;
    const nlohmann::json* options = Member(*volume.declared, "driver_opts");
    if (!IsObject(options)) continue;
    for (const auto& [name, value] : options->items()) {
      const std::string text = Lower(Text(&value));
      const std::string key = Lower(name);
      const bool in_text = text.starts_with("password=") || text.starts_with("pass=") ||
                           text.find(",password=") != std::string::npos ||
                           text.find(",pass=") != std::string::npos;
      if (!in_text && key.find("password") == std::string::npos) continue;
      report.AddAt({.object = volume.key,
                    .field = fmt::format("volumes.{}.driver_opts.{}", volume.key, name)},
                   "holds a password");
    }
  }
}

void HostFolderVolume(const StackView& stack, Report& report) {
  for (const VolumeView& volume : stack.volumes()) {
    if (volume.declared == nullptr) continue;
    const std::string device = Text(Path(*volume.declared, {"driver_opts", "device"}));
    if (device.empty() || device == "tmpfs") continue;
    report.AddAt({.object = volume.key, .field = fmt::format("volumes.{}.driver_opts", volume.key)},
                 "is made of a device or folder that is named in the file");
  }
}

void ExternalVolume(const StackView& stack, Report& report) {
  for (const VolumeView& volume : stack.volumes()) {
    const nlohmann::json* external =
        volume.declared == nullptr ? nullptr : Member(*volume.declared, "external");
    if (external == nullptr || Text(external) == "false") continue;
    report.AddAt({.object = volume.key, .field = fmt::format("volumes.{}.external", volume.key)},
                 "belongs to someone else");
  }
}

}  // namespace

std::vector<Rule> VolumeRules() {
  using enum Severity;
  using enum Area;
  return {
      {"MNT-07", "Docker: volumes", kHigh, kCrossTeam,
       "Two teams share a volume or writable folder",
       "Give each team a volume of its own; let data pass through the gateway.", SharedByTeams},
      {"PRV-06", "credentials(7)", kMedium, kCrossTeam, "Two teams share a volume under one user",
       "Give each team a user id of its own: file modes then keep them apart.", OneUserForTeams},
      {"SEC-11", "mount.cifs(8)", kHigh, kSecrets, "A volume's options hold a password",
       "Use a credentials file of the host, or mount the share outside the stack.",
       PasswordInOptions},
      {"MNT-19", "Docker: local volume driver", kLow, kFileSystem,
       "A volume is a folder or device of the host",
       "Remove driver_opts, or waive it with the reason.", HostFolderVolume},
      {"MNT-25", "Compose: external", kLow, kFileSystem, "A volume is not the stack's own",
       "Let the stack declare the volume, so that nothing else writes to it.", ExternalVolume},
  };
}

}  // namespace proving_ground::audit
