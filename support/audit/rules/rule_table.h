// All rules of the configuration audit.
#pragma once

#include <string_view>
#include <vector>

#include "support/audit/rules/rule.h"

namespace proving_ground::audit {

// In the order of their groups; ids are unique.
const std::vector<Rule>& RuleTable();
// Null when there is none of that id.
const Rule* FindRule(std::string_view id);

// Calls every rule for every subject it is meant for.
void ApplyRules(const StackView& stack, Report& report);

// The groups, one file each.
std::vector<Rule> PrivilegeRules();
std::vector<Rule> CapabilityRules();
std::vector<Rule> DeviceRules();
std::vector<Rule> NamespaceRules();
std::vector<Rule> ConfinementRules();
std::vector<Rule> MountRules();
std::vector<Rule> FileSystemRules();
std::vector<Rule> VolumeRules();
std::vector<Rule> LimitRules();
std::vector<Rule> EffectiveLimitRules();
std::vector<Rule> LoggingRules();
std::vector<Rule> PortRules();
std::vector<Rule> NetworkRules();
std::vector<Rule> NameRules();
std::vector<Rule> HealthRules();
std::vector<Rule> ImageRules();
std::vector<Rule> BuildRules();
std::vector<Rule> SecretRules();
std::vector<Rule> CredentialRules();
std::vector<Rule> RedisServerRules();
std::vector<Rule> RedisAccountRules();
std::vector<Rule> RedisConnectionRules();
std::vector<Rule> RedisDriftRules();
std::vector<Rule> DriftRules();
std::vector<Rule> EngineRules();
std::vector<Rule> HygieneRules();

}  // namespace proving_ground::audit
