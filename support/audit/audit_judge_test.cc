#include "support/audit/audit_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/audit/testing/clean_stack.h"
#include "support/base/errors.h"

namespace proving_ground::audit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

AuditRecord RecordOf(const Change& change) {
  AuditInput input = CleanStack();
  change(input);
  return RecordFromJson(ToJson(MakeRecord(input)));  // as the cases get it
}

Outcome OutcomeOf(const AuditRecord& record, const char* criterion, const std::string& service) {
  return JudgeService(record, criterion, service).outcome;
}

TEST(AuditJudgeTest, SoundStackPassesEverywhere) {
  const AuditRecord record = RecordOf([](AuditInput&) {});

  ASSERT_EQ(record.services.size(), 6u);
  for (const AuditedService& service : record.services) {
    for (const char* criterion : {"S-1", "S-4", "S-5", "S-6", "S-9", "S-10"}) {
      const Verdict verdict = JudgeService(record, criterion, service.name);
      EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
      EXPECT_EQ(verdict.team, service.name);
      EXPECT_GE(verdict.measures.at(0).samples, 5) << criterion << " has hardly a rule";
    }
  }
  EXPECT_EQ(JudgeRest(record).outcome, Outcome::kPassed) << JudgeRest(record);
}

TEST(AuditJudgeTest, FindingFailsItsOwnCriterionAndServiceOnly) {
  const AuditRecord record =
      RecordOf(Both("redis", R"({"privileged": true})", R"({"Privileged": true})"));

  const Verdict verdict = JudgeService(record, "S-1", "redis");
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("critical ISO-01")));
  EXPECT_EQ(OutcomeOf(record, "S-4", "redis"), Outcome::kPassed);
  EXPECT_EQ(OutcomeOf(record, "S-1", "gateway"), Outcome::kPassed);
  EXPECT_EQ(JudgeRest(record).outcome, Outcome::kPassed);
}

TEST(AuditJudgeTest, LesserFindingsAreToldAndPass) {
  const AuditRecord record = RecordOf(Declared("redis", R"({"tty": true})"));

  const Verdict verdict = JudgeService(record, CriterionOf("AVL-06"), "redis");
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr("AVL-06")));
}

TEST(AuditJudgeTest, MediumFailsUnlessWaived) {
  const Change writable = Declared("redis", R"({"read_only": false})");
  EXPECT_EQ(OutcomeOf(RecordOf(writable), "S-5", "redis"), Outcome::kFailed);

  const AuditRecord waived =
      RecordOf(All({writable, Model(R"({"x-acceptance": {"security": {"waivers": [{"rule": "MNT-05",
        "service": "redis", "reason": "r", "owner": "o", "expires": "2027-03-31"}]}}})")}));
  const Verdict verdict = JudgeService(waived, "S-5", "redis");
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr("waived until 2027-03-31")));
}

TEST(AuditJudgeTest, WhatWasNotEvaluatedIsInconclusive) {
  const AuditRecord record = RecordOf([](AuditInput& input) { input.live.erase("id-of-redis"); });

  const Verdict verdict = JudgeService(record, "S-4", "redis");
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("nothing was read inside the container"));
  EXPECT_EQ(OutcomeOf(record, "S-4", "gateway"), Outcome::kPassed);
}

TEST(AuditJudgeTest, ServiceWithoutRunningContainerNeverPasses) {
  const AuditRecord record =
      RecordOf(Given("redis", R"({"State": {"Status": "exited", "Running": false}})"));

  for (const char* criterion : {"S-1", "S-4", "S-5", "S-6", "S-9", "S-10"}) {
    EXPECT_NE(OutcomeOf(record, criterion, "redis"), Outcome::kPassed) << criterion;
    EXPECT_EQ(OutcomeOf(record, criterion, "gateway"), Outcome::kPassed) << criterion;
  }
  EXPECT_EQ(OutcomeOf(record, "S-4", "redis"), Outcome::kInconclusive);
}

TEST(AuditJudgeTest, LostContainerMayHaveBeenAnybodys) {
  const AuditRecord record = RecordOf([](AuditInput& input) {
    input.unavailable.push_back({"container 4711", "no such container"});
  });

  EXPECT_EQ(OutcomeOf(record, "S-1", "gateway"), Outcome::kInconclusive);
  EXPECT_EQ(JudgeRest(record).outcome, Outcome::kInconclusive);
}

TEST(AuditJudgeTest, RestHasWhatNoServiceHas) {
  EXPECT_EQ(JudgeRest(RecordOf(RedisAcl("user guest on nopass ~* +@all"))).outcome,
            Outcome::kFailed);
  EXPECT_EQ(JudgeRest(RecordOf(EngineGiven(R"({"RegistryConfig": {"InsecureRegistryCIDRs":
                ["0.0.0.0/0"]}})")))
                .outcome,
            Outcome::kFailed);
  EXPECT_EQ(
      JudgeRest(RecordOf(Model(R"({"x-acceptance": {"security": {"waivers": [{"rule": "RES-02",
        "service": "redis", "reason": "", "owner": "o", "expires": "2027-03-31"}]}}})")))
          .outcome,
      Outcome::kFailed);
  EXPECT_EQ(JudgeRest(RecordOf([](AuditInput& input) { input.redis_in_force.reset(); })).outcome,
            Outcome::kInconclusive);
}

TEST(AuditJudgeTest, EveryRuleHasItsCriterion) {
  std::set<std::string_view> criteria;
  for (const Rule& rule : AllAuditRules()) criteria.insert(CriterionOf(rule.id));
  EXPECT_THAT(criteria, UnorderedElementsAre("S-1", "S-4", "S-5", "S-6", "S-9", "S-10", "S-18"));
}

TEST(AuditJudgeTest, UnknownServiceIsAnError) {
  EXPECT_THROW(JudgeService(RecordOf([](AuditInput&) {}), "S-1", "nobody"), UsageError);
}

TEST(AuditJudgeTest, DamagedRecordIsAnError) {
  EXPECT_THROW(RecordFromJson(nlohmann::json::parse(R"({"findings": 7})")), EnvironmentError);
  EXPECT_THROW(RecordFromJson(nlohmann::json()), EnvironmentError);
}

}  // namespace
}  // namespace proving_ground::audit
