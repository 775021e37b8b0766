// A stack made deliberately weak: every rule that a configuration can violate is violated, and
// every violation is named.
#include "support/audit/testing/weak_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "support/audit/audit.h"
#include "support/audit/audit_judge.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

class WeakStackTest : public ::testing::Test {
 protected:
  static const std::vector<WeakStack>& Stacks() {
    static const std::vector<WeakStack> kStacks = WeakStacks();
    return kStacks;
  }
};

TEST_F(WeakStackTest, EveryViolationIsNamed) {
  std::set<std::string> named;
  for (const WeakStack& stack : Stacks()) {
    std::set<std::string> here;
    for (const Finding& finding : Audit(stack.input).findings) here.insert(finding.rule);
    for (const std::string& rule : stack.violated) {
      EXPECT_TRUE(here.contains(rule)) << rule << " is violated and not named";
    }
    named.insert(here.begin(), here.end());
    std::cout << "a stack weakened for " << stack.violated.size() << " rules: " << here.size()
              << " named\n";
  }
  for (const Rule& rule : RuleTable()) {
    EXPECT_TRUE(named.contains(std::string(rule.id))) << rule.id << " is violated by no stack";
  }
}

TEST_F(WeakStackTest, MostWeaknessesFitIntoOneStack) {
  ASSERT_FALSE(Stacks().empty());
  EXPECT_GE(Stacks().front().violated.size() * 3, RuleTable().size() * 2) << "two in three";
}

TEST_F(WeakStackTest, FailsEveryCriterion) {
  const AuditRecord record = MakeRecord(Stacks().front().input);
  for (const char* criterion : {"S-1", "S-4", "S-5", "S-6", "S-9", "S-10"}) {
    bool failed = false;
    for (const AuditedService& service : record.services) {
      failed = failed || JudgeService(record, criterion, service.name).outcome == Outcome::kFailed;
    }
    EXPECT_TRUE(failed) << criterion;
  }
  EXPECT_EQ(JudgeRest(record).outcome, Outcome::kFailed);
}

}  // namespace
}  // namespace proving_ground::audit
