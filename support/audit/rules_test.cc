// Every rule, against stacks that break it and stacks that only look so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/audit/audit.h"
#include "support/audit/rules/rule_table.h"
#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string AllText(const AuditResult& result) {
  std::string text;
  for (const Finding& finding : result.findings) {
    text += "\n  " + finding.rule + " " + PlaceText(finding.place) + ": " + finding.evidence;
  }
  for (const Unevaluated& one : result.unevaluated) {
    text += "\n  " + one.rule + " " + PlaceText(one.place) + " not evaluated: " + one.reason;
  }
  return text;
}

TEST(RulesTest, CleanStackHasNoFindingsAndNothingUnevaluated) {
  const AuditResult result = Audit(CleanStack());

  EXPECT_THAT(result.findings, IsEmpty()) << AllText(result);
  EXPECT_THAT(result.unevaluated, IsEmpty()) << AllText(result);
  EXPECT_EQ(result.Verdict(), AuditVerdict::kPassed);
}

TEST(RulesTest, TableIsCompleteAndUnambiguous) {
  std::set<std::string_view> ids;
  for (const Rule& rule : AllAuditRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " is there twice";
    EXPECT_FALSE(rule.source.empty() || rule.what.empty() || rule.remedy.empty()) << rule.id;
    EXPECT_TRUE(rule.subject_check != nullptr || rule.stack_check != nullptr) << rule.id;
  }
  EXPECT_GE(ids.size(), 90u);
}

TEST(RulesTest, EveryRuleHasCasesBothWays) {
  std::map<std::string, std::pair<int, int>> cases;
  for (const RuleCase& one : AllRuleCases())
    ++(one.breaks ? cases[one.rule].first : cases[one.rule].second);
  for (const Rule& rule : RuleTable()) {
    const auto& [breaking, keeping] = cases[std::string(rule.id)];
    EXPECT_GT(breaking, 0) << rule.id << " has no case that breaks it";
    EXPECT_GT(keeping, 0) << rule.id << " has no case that only looks so";
  }
  for (const auto& [id, counts] : cases) EXPECT_NE(FindRule(id), nullptr) << id << " is no rule";
}

TEST(RulesTest, CasesAreJudgedRight) {
  std::map<std::string, int> number;
  for (const RuleCase& one : AllRuleCases()) {
    const int n = ++number[one.rule];
    AuditInput input = CleanStack();
    one.change(input);

    const AuditResult result = Audit(input);

    int found = 0;
    for (const Finding& finding : result.findings) found += finding.rule == one.rule ? 1 : 0;
    EXPECT_EQ(found > 0, one.breaks) << one.rule << ", its case " << n << AllText(result);
    for (const Unevaluated& unevaluated : result.unevaluated) {
      EXPECT_TRUE(one.breaks || unevaluated.rule != one.rule)
          << one.rule << ", its case " << n << ": not evaluated: " << unevaluated.reason;
    }
  }
}

TEST(RulesTest, FindingsSayWhereAndWhatToDo) {
  for (const RuleCase& one : AllRuleCases()) {
    AuditInput input = CleanStack();
    one.change(input);
    for (const Finding& finding : Audit(input).findings) {
      EXPECT_FALSE(finding.evidence.empty() || finding.remedy.empty() ||
                   finding.place.field.empty())
          << finding.rule;
      EXPECT_FALSE(finding.place.service.empty() && finding.place.object.empty()) << finding.rule;
      EXPECT_THAT(finding.evidence, Not(HasSubstr("S3CRET"))) << finding.rule;
      EXPECT_THAT(finding.evidence, Not(HasSubstr("hunter2"))) << finding.rule;
    }
  }
}

}  // namespace
}  // namespace proving_ground::audit
