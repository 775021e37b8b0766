// Rules about differences between what is declared and what runs.
#include <fmt/format.h>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

void NotInTheModel(const StackView& stack, Report& report) {
  for (const Service& service : stack.services()) {
    if (service.model != nullptr) continue;
    for (const Container& container : service.containers) {
      report.AddAt({.service = service.name, .object = container.name, .field = "Config.Labels"},
                   "a container of a service that is not declared");
    }
  }
}

void WithoutContainer(const StackView& stack, Report& report) {
  if (!stack.input().inspected)
    return report.CannotEvaluate(Place{}, "no containers were inspected");
  for (const Service& service : stack.services()) {
    if (service.model == nullptr || !service.containers.empty() || !service.selected) continue;
    const auto replicas = Integer(Path(*service.model, {"deploy", "replicas"}));
    const auto scale = Integer(Member(*service.model, "scale"));
    if (replicas == 0 || scale == 0) continue;
    report.AddAt({.service = service.name, .field = ServiceField(service, "")}, "has no container");
  }
}

void NotRunning(const Subject& subject, Report& report) {
  if (!subject.container->running) {
    report.Add(
        "State.Status",
        "is " + ShownText(Text(Path(*subject.container->inspected, {"State", "Status"})), 20));
  }
}

void LooseSettings(const Subject& subject, Report& report) {
  if (subject.service.model == nullptr) return;
  const Settings& declared = subject.service.declared;
  const Settings& given = subject.settings;
  if (declared.read_only && !given.read_only)
    report.Add("HostConfig.ReadonlyRootfs", "declared read-only, was not made so");
  if (!declared.privileges.privileged && given.privileges.privileged) {
    report.Add("HostConfig.Privileged", "privileged without being declared so");
  }
  if (!declared.privileges.user.empty() && declared.privileges.user != given.privileges.user) {
    report.Add("Config.User", "runs as another user than declared");
  }
  if (declared.privileges.security_options.size() > given.privileges.security_options.size() &&
      !declared.privileges.opened_paths) {
    report.Add("HostConfig.SecurityOpt", "lacks security options that are declared");
  }
  if (declared.privileges.dropped_capabilities.size() >
      given.privileges.dropped_capabilities.size()) {
    report.Add("HostConfig.CapDrop", "drops fewer capabilities than declared");
  }
}

}  // namespace

std::vector<Rule> DriftRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"CMP-03", "declared against effective", kMedium, kIsolation,
       "A container runs that is not declared",
       "Remove it (docker compose up --remove-orphans), or declare it.", NotInTheModel},
      {"CMP-04", "declared against effective", kMedium, kHealth,
       "A declared service has no container", "Start it: what does not run cannot be audited.",
       WithoutContainer},
      {"CMP-08", "declared against effective", kMedium, kHealth, "A container does not run",
       "Start it: what does not run cannot be audited.", kContainer, NotRunning},
      {"CMP-09", "declared against effective", kHigh, kIsolation,
       "A container was given less protection than declared",
       "Recreate the container from its declaration, and find out who started it otherwise.",
       kContainer, LooseSettings},
  };
}

}  // namespace proving_ground::audit
