#include "support/sabotage/suite_plan.h"

#include <gmock/gmock.h>

#include <regex>

#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsSupersetOf;
using testing::Not;

Sabotage Of(const std::string& group, std::vector<std::string> must) {
  Sabotage sabotage;
  sabotage.name = group + "-x";
  sabotage.group = group;
  sabotage.must = std::move(must);
  return sabotage;
}

auto RunOf(const std::string& program, const std::string& filter) {
  return Contains(AllOf(Field(&SuiteRun::program, program), Field(&SuiteRun::filter, filter)));
}

TEST(SuitePlanTest, KnowsTheCaseOfEveryCriterionAsTheReadmeDoes) {
  const std::string readme = ReadFile(std::string(PG_SOURCE_DIR) + "/README.md");
  ASSERT_EQ(CriterionCases().size(), Criteria().size());
  for (std::size_t i = 0; i < Criteria().size(); ++i) {
    const CriterionCase& one = CriterionCases()[i];
    EXPECT_EQ(one.criterion, Criteria()[i].id);
    const std::string row =
        "\n| " + std::string(one.criterion) + " | `" + std::string(one.test) + "` |";
    EXPECT_NE(readme.find(row), std::string::npos) << row;
  }
}

TEST(SuitePlanTest, OneLoadRunDecidesAllOfLoad) {
  const SuitePlan plan = PlanSuites(Of("load", {"L-6"}), "sales");
  EXPECT_TRUE(plan.load);
  EXPECT_TRUE(plan.at_work);
  EXPECT_FALSE(plan.audit);
  EXPECT_EQ(plan.criteria.size(), 9U);
  ASSERT_EQ(plan.runs.size(), 1U);
  EXPECT_THAT(plan.runs[0].filter, testing::HasSubstr("*/TeamLoadTest.WorkersOfTheTeamComplete/*"));
}

TEST(SuitePlanTest, ACaseOfFailoverIsTriedOnOneTeamAndAnotherOneBesideIt) {
  Sabotage sabotage = Of("failover", {"F-4"});
  const SuitePlan plan = PlanSuites(sabotage, "field-sales");
  EXPECT_EQ(plan.criteria.size(), 2U);
  EXPECT_THAT(plan.runs[0].filter,
              testing::HasSubstr("*/RedisPartition.IsRecoveredFromWithoutAStormOrARestart/"
                                 "field_sales"));
  EXPECT_FALSE(plan.load);
  EXPECT_TRUE(plan.at_work);

  // The sample is never one that may fail.
  sabotage.may = {"F-1", "F-3", "F-5", "F-12", "S-4"};
  const SuitePlan with_audit = PlanSuites(sabotage, "sales");
  EXPECT_THAT(with_audit.criteria, ElementsAre("F-4", "S-1"));
  EXPECT_TRUE(with_audit.audit);
  sabotage.may.push_back("S-1");
  EXPECT_THAT(PlanSuites(sabotage, "sales").criteria, ElementsAre("F-4"));
}

TEST(SuitePlanTest, OneAuditDecidesAllThatReadsIt) {
  const SuitePlan plan = PlanSuites(Of("security", {"S-8"}), "sales");
  EXPECT_TRUE(plan.audit);
  EXPECT_FALSE(plan.at_work);
  EXPECT_THAT(plan.criteria, IsSupersetOf({"S-1", "S-4", "S-8", "S-18"}));
  EXPECT_THAT(plan.criteria, Not(Contains("S-13")));
  EXPECT_THAT(plan.runs, RunOf("security_suite", "RedisServer.IsNobodysAlone"));
}

TEST(SuitePlanTest, ALookAlikeIsTriedWithTheAuditAndWhatItNames) {
  Sabotage sabotage = Of("lookalike", {});
  sabotage.also = {"S-8"};
  const SuitePlan plan = PlanSuites(sabotage, "sales");
  EXPECT_THAT(plan.criteria, IsSupersetOf({"S-1", "S-3", "S-6", "S-8"}));
  EXPECT_THAT(plan.runs, RunOf("security_suite", "RedisServer.IsNobodysAlone"));
}

}  // namespace
}  // namespace proving_ground
