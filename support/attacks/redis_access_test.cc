#include "support/attacks/redis_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/attacks/redis_field_for_test.h"

namespace proving_ground {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Trial {
  RedisAccessReport report;
  Verdict verdict;
};

Trial AttackBy(const std::string& attacker, const std::vector<std::string>& rights_of_red = {}) {
  const RedisFieldForTest world(rights_of_red);
  Trial trial = {RedisIntruder(world.field, attacker).AttackCanaries(), {}};
  trial.verdict = JudgeRedisAccess("S-7", trial.report);
  RedisClient after(world.field.operator_account.access);
  EXPECT_EQ(after.KeyCount(), 0) << "the canaries are gone";
  return trial;
}

TEST(RedisAccessTest, ATeamWithItsOwnKeysOnlyIsKeptOut) {
  const Trial trial = AttackBy("red");
  EXPECT_EQ(trial.verdict.outcome, Outcome::kPassed) << trial.verdict;
  EXPECT_GE(trial.report.attempts.size(), 85U);
  EXPECT_THAT(trial.report.changed, IsEmpty());
  for (const RedisControl& control : trial.report.controls) {
    EXPECT_FALSE(control.by.empty() && !control.unknown) << control.attack << ": " << control.text;
  }
}

TEST(RedisAccessTest, MostControlsAreTheTeamsOwn) {
  const Trial trial = AttackBy("red");
  const auto own = std::count_if(trial.report.controls.begin(), trial.report.controls.end(),
                                 [](const RedisControl& control) { return control.by == "red"; });
  EXPECT_GE(own, 50);
}

TEST(RedisAccessTest, KeysOfAllAreFound) {
  const Trial trial = AttackBy("red", RedisFieldForTest::RightsAnd({"~*"}));
  EXPECT_EQ(trial.verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.verdict.details, Contains("red was granted GET on blue"));
  EXPECT_THAT(trial.report.changed, Contains("blue's string"));
  EXPECT_THAT(trial.report.changed, Contains("blue was given a key"));
}

TEST(RedisAccessTest, KeysThatMayBeReadOnlyAreFound) {
  const Trial trial = AttackBy("red", RedisFieldForTest::RightsAnd({"%R~*"}));
  EXPECT_EQ(trial.verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.verdict.details, Contains("red was granted GET on blue"));
  EXPECT_THAT(trial.report.changed, IsEmpty());
}

TEST(RedisAccessTest, ChannelsOfAllAreFound) {
  const Trial trial = AttackBy("red", RedisFieldForTest::RightsAnd({"&*"}));
  EXPECT_EQ(trial.verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.verdict.details, Contains("red was granted PUBLISH on blue"));
  EXPECT_THAT(trial.verdict.details, Contains("red was granted SUBSCRIBE on blue"));
}

TEST(RedisAccessTest, WithAllCommandsKeyPatternsStillHold) {
  const Trial trial = AttackBy("red", RedisFieldForTest::RightsAnd({"+@all"}));
  EXPECT_EQ(trial.verdict.outcome, Outcome::kPassed) << trial.verdict;
}

TEST(RedisAccessTest, AnAttackerWithEveryRightIsStoppedByNothing) {
  const Trial trial = AttackBy("red", {"~*", "&*", "+@all"});
  EXPECT_EQ(trial.verdict.outcome, Outcome::kFailed);
  for (const RedisAttempt& attempt : trial.report.attempts) {
    EXPECT_EQ(attempt.answer, RedisAnswer::kGranted) << attempt.attack;
  }
}

TEST(RedisAccessTest, KnowsDenialsFromOtherErrors) {
  EXPECT_TRUE(IsDenial("NOPERM this user has no permissions to access one of the keys"));
  EXPECT_TRUE(IsDenial("ERR The user executing the script can't access at least one of the keys"));
  EXPECT_FALSE(IsDenial("WRONGTYPE Operation against a key holding the wrong kind of value"));
  EXPECT_FALSE(IsDenial(""));
}

RedisAccessReport Denied() {
  RedisAccessReport report = {.attacker = "red"};
  report.attempts = {{.attack = "GET",
                      .victim = "blue",
                      .answer = RedisAnswer::kDenied,
                      .text = "NOPERM",
                      .logged = true}};
  report.controls = {{.attack = "GET", .by = "red", .text = {}}};
  return report;
}

TEST(RedisAccessTest, ADenialWithoutATraceIsAFailure) {
  EXPECT_EQ(JudgeRedisAccess("S-7", Denied()).outcome, Outcome::kPassed);
  RedisAccessReport silent = Denied();
  silent.attempts.front().logged = false;
  EXPECT_EQ(JudgeRedisAccess("S-7", silent).outcome, Outcome::kFailed);
}

TEST(RedisAccessTest, ADenialWithoutAControlProvesNothing) {
  RedisAccessReport report = Denied();
  report.controls.front().by.clear();
  report.controls.front().text = "ERR something else";
  const Verdict verdict = JudgeRedisAccess("S-7", report);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("GET: ERR something else"));
  EXPECT_EQ(JudgeRedisAccess("S-7", {.attacker = "red"}).outcome, Outcome::kInconclusive);
}

TEST(RedisAccessTest, TheMatrixTellsEachAttempt) {
  const nlohmann::json document = ToJson(Denied());
  EXPECT_EQ(document.at("attempts").at(0).at("attack"), "GET");
  EXPECT_EQ(document.at("attempts").at(0).at("denied"), true);
}

}  // namespace
}  // namespace proving_ground
