// Stacks that break a rule, and look-alikes that do not; a table for every rule.
#pragma once

#include <string>
#include <vector>

#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {

struct RuleCase {
  std::string rule;
  bool breaks;    // the rule must report; else it must not
  Change change;  // to the clean stack
};

inline RuleCase Breaks(const std::string& rule, Change change) {
  return {rule, true, std::move(change)};
}
inline RuleCase Keeps(const std::string& rule, Change change) {
  return {rule, false, std::move(change)};
}

std::vector<RuleCase> PrivilegeCases();
std::vector<RuleCase> IsolationCases();
std::vector<RuleCase> FileSystemCases();
std::vector<RuleCase> LimitCases();
std::vector<RuleCase> PortCases();
std::vector<RuleCase> NetworkCases();
std::vector<RuleCase> HealthCases();
std::vector<RuleCase> ImageCases();
std::vector<RuleCase> SecretCases();
std::vector<RuleCase> RedisCases();
std::vector<RuleCase> StackCases();

// All of them.
std::vector<RuleCase> AllRuleCases();

}  // namespace proving_ground::audit
