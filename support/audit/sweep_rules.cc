#include "support/audit/sweep_rules.h"

#include <algorithm>

#include "support/audit/rules/rule_table.h"
#include "support/audit/waivers.h"

namespace proving_ground::audit {
namespace {

void NoCheck(const StackView&, Report&) {}

std::vector<Rule> MakeRules() {
  using enum Severity;
  constexpr Area kArea = Area::kSecrets;
  constexpr std::string_view kSource = "OWASP: secrets management";
  return {
      {"SEC-03", kSource, kHigh, kArea, "A secret is in a log",
       "leave it out of what is logged, and renew it", NoCheck},
      {"SEC-04", kSource, kHigh, kArea, "Two teams hold the same secret",
       "give each team a secret of its own", NoCheck},
      {"SEC-09", kSource, kHigh, kArea, "A file with secrets can be read by others",
       "chmod 600 it, or 700 its folder; git must ignore it", NoCheck},
      {"SEC-26", kSource, kHigh, kArea, "A secret is in a value or key of Redis",
       "keep it out of the store, or encrypted; and renew it", NoCheck},
      {"SEC-27", kSource, kHigh, kArea, "A secret is in a file of the project",
       "move it to a file that git ignores and only its owner can read; and renew it", NoCheck},
      {"SEC-28", kSource, kHigh, kArea, "A secret is in a report of the harness",
       "a fault of this harness: report it, and renew the secret", NoCheck},
      {"SEC-29", "least privilege", kCritical, kArea, "A secret for people only is in a container",
       "keep it out of every container", NoCheck},
      {"SEC-30", kSource, kInfo, kArea, "Something was not searched for secrets",
       "look at it by hand, or keep it where it is searched", NoCheck},
  };
}

const Rule* FindIn(const std::vector<Rule>& rules, std::string_view id) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<Rule>& SweepRules() {
  static const std::vector<Rule> kRules = MakeRules();
  return kRules;
}

const Rule* FindReportedRule(std::string_view id) {
  if (const Rule* rule = FindRule(id)) return rule;
  if (const Rule* rule = FindIn(SweepRules(), id)) return rule;
  return FindIn(WaiverRules(), id);
}

}  // namespace proving_ground::audit
