#include "support/audit/rules/rule_table.h"

#include <map>

namespace proving_ground::audit {
namespace {

std::vector<Rule> AllRules() {
  std::vector<Rule> rules;
  for (const auto group : {PrivilegeRules,       CapabilityRules,  DeviceRules,
                           NamespaceRules,       ConfinementRules, MountRules,
                           FileSystemRules,      VolumeRules,      LimitRules,
                           EffectiveLimitRules,  LoggingRules,     PortRules,
                           NetworkRules,         NameRules,        HealthRules,
                           ImageRules,           BuildRules,       SecretRules,
                           CredentialRules,      RedisServerRules, RedisAccountRules,
                           RedisConnectionRules, RedisDriftRules,  DriftRules,
                           EngineRules,          HygieneRules}) {
    for (const Rule& rule : group()) rules.push_back(rule);
  }
  return rules;
}

void ApplyToContainers(const StackView& stack, const Service& service, const Rule& rule,
                       Report& report) {
  for (const Container& container : service.containers) {
    const Subject subject{stack, service, &container, container.settings};
    report.Begin(rule, &subject);
    if (rule.scope == Scope::kLive && !container.running) continue;
    if (rule.scope == Scope::kLive && container.live == nullptr) {
      report.CannotEvaluate("nothing was read inside the container");
    } else {
      rule.subject_check(subject, report);
    }
  }
}

void Apply(const StackView& stack, const Rule& rule, Report& report) {
  if (rule.scope == Scope::kStack) {
    report.Begin(rule, nullptr);
    rule.stack_check(stack, report);
    return;
  }
  const bool of_containers = rule.scope == Scope::kContainer || rule.scope == Scope::kLive;
  if (of_containers && !stack.input().inspected) {
    report.Begin(rule, nullptr);
    report.CannotEvaluate("no containers were inspected");
    return;
  }
  for (const Service& service : stack.services()) {
    if (!service.selected) continue;
    if (!of_containers && service.model != nullptr) {
      const Subject subject{stack, service, nullptr, service.declared};
      report.Begin(rule, &subject);
      rule.subject_check(subject, report);
    }
    if (rule.scope != Scope::kDeclared) ApplyToContainers(stack, service, rule, report);
  }
}

}  // namespace

const std::vector<Rule>& RuleTable() {
  static const std::vector<Rule> kRules = AllRules();
  return kRules;
}

const Rule* FindRule(std::string_view id) {
  static const auto kById = [] {
    std::map<std::string_view, const Rule*> by_id;
    for (const Rule& rule : RuleTable()) by_id[rule.id] = &rule;
    return by_id;
  }();
  const auto found = kById.find(id);
  return found == kById.end() ? nullptr : found->second;
}

void ApplyRules(const StackView& stack, Report& report) {
  for (const Rule& rule : RuleTable()) Apply(stack, rule, report);
}

}  // namespace proving_ground::audit
