#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {

std::vector<RuleCase> AllRuleCases() {
  std::vector<RuleCase> all;
  for (const auto group :
       {PrivilegeCases, IsolationCases, FileSystemCases, LimitCases, PortCases, NetworkCases,
        HealthCases, ImageCases, SecretCases, RedisCases, StackCases}) {
    for (RuleCase& one : group()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace proving_ground::audit
