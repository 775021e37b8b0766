#include "support/attacks/mcp/attack_judge.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

AttackRecord Clean() {
  AttackRecord record;
  record.attempts = {{"expired", Reply::kRefused, 401},
                     {"two lengths", Reply::kClosed},
                     {"notification", Reply::kAccepted, 202, false, true}};
  record.controls = {{"rightful", Reply::kServed, 200, true}};
  return record;
}

Outcome Judged(const AttackRecord& record) { return JudgeRefusals("S-11", record).outcome; }

TEST(AttackJudgeTest, RefusalsWithControlsPass) {
  const Verdict verdict = JudgeRefusals("S-11", Clean());
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_EQ(verdict.summary, "3 of 3 attempts refused, 1 controls");
}

TEST(AttackJudgeTest, WhatIsServedOrDoneFails) {
  for (const Attempt& attempt :
       {Attempt{"x", Reply::kServed, 200}, Attempt{"x", Reply::kToolError, 200},
        Attempt{"x", Reply::kAccepted, 202}, Attempt{"x", Reply::kRefused, 401, true},
        Attempt{"x", Reply::kAccepted, 202, true, true}, Attempt{"x", Reply::kBroken, 500}}) {
    AttackRecord record = Clean();
    record.attempts.push_back(attempt);
    EXPECT_EQ(Judged(record), Outcome::kFailed) << ReplyName(attempt.reply);
    record.controls.clear();
    EXPECT_EQ(Judged(record), Outcome::kFailed) << "a miss is a miss, controls or not";
  }
  AttackRecord repeated = Clean();
  repeated.attempts[0].repeated = true;
  EXPECT_EQ(Judged(repeated), Outcome::kFailed);
}

TEST(AttackJudgeTest, WithoutAControlOrAnAnswerNothingIsProven) {
  AttackRecord no_control = Clean();
  no_control.controls.clear();
  EXPECT_EQ(Judged(no_control), Outcome::kInconclusive);
  AttackRecord refused = Clean();
  refused.controls.push_back({"rightful", Reply::kRefused, 401, false});
  EXPECT_EQ(Judged(refused), Outcome::kInconclusive);
  AttackRecord without_effect = Clean();
  without_effect.controls.push_back({"rightful", Reply::kServed, 200, false});
  EXPECT_EQ(Judged(without_effect), Outcome::kInconclusive);
  AttackRecord silent = Clean();
  silent.attempts.push_back({"x", Reply::kSilent});
  EXPECT_EQ(Judged(silent), Outcome::kInconclusive);
  AttackRecord limited = Clean();
  limited.attempts.push_back({"x", Reply::kLimited, 429});
  EXPECT_EQ(Judged(limited), Outcome::kInconclusive);
  AttackRecord empty = Clean();
  empty.attempts.clear();
  EXPECT_EQ(Judged(empty), Outcome::kInconclusive);
}

FloodRecord GoodFlood() {
  FloodRecord record;
  record.flooder = "sales";
  record.served = 20'000;
  record.lasted = 3s;
  record.others = {{"finance", 100, 150, 0, 2ms, 5ms}, {"support", 100, 150, 1, 3ms, 200ms}};
  return record;
}

TEST(AttackJudgeTest, AFloodMustBeOneAndMustNotBeFelt) {
  const NeighbourLimits limits;
  EXPECT_EQ(JudgeFlood("S-17", GoodFlood(), limits).outcome, Outcome::kPassed);

  FloodRecord felt = GoodFlood();
  felt.others[1].p99_during = 800ms;
  EXPECT_EQ(JudgeFlood("S-17", felt, limits).outcome, Outcome::kFailed);
  FloodRecord refused = GoodFlood();
  refused.others[0].failed = 20;
  EXPECT_EQ(JudgeFlood("S-17", refused, limits).outcome, Outcome::kFailed);
  FloodRecord weak = GoodFlood();
  weak.served = 300;
  EXPECT_EQ(JudgeFlood("S-17", weak, limits).outcome, Outcome::kInconclusive);
  FloodRecord unanswered = GoodFlood();
  std::swap(unanswered.served, unanswered.other);
  EXPECT_EQ(JudgeFlood("S-17", unanswered, limits).outcome, Outcome::kInconclusive);
  FloodRecord alone = GoodFlood();
  alone.others.clear();
  EXPECT_EQ(JudgeFlood("S-17", alone, limits).outcome, Outcome::kInconclusive);
  FloodRecord few = GoodFlood();
  few.others[0].before = 5;
  EXPECT_EQ(JudgeFlood("S-17", few, limits).outcome, Outcome::kInconclusive);
}

HostileRecord Survived() {
  HostileRecord record;
  record.unbounded = Clean();
  record.unbounded.attempts.pop_back();
  record.injected.attempts = {{"path", Reply::kServed, 200}, {"NUL", Reply::kRefused, 400}};
  record.others = GoodFlood().others;
  record.memory_limit = 256 << 20;
  record.memory_peak = 40 << 20;
  record.memory_samples = 9;
  record.slow = record.slow_ended = 30;
  record.refusals.per_round = 1'500;
  record.refusals.growth = {4 << 20, 40'960, -4'096, 900'000};
  return record;
}

TEST(AttackJudgeTest, AGatewayMustSurviveWithinItsBounds) {
  const auto judged = [](const HostileRecord& record) {
    return JudgeHostileInput("S-13", record, HostileLimits{}).outcome;
  };
  EXPECT_EQ(judged(Survived()), Outcome::kPassed);

  HostileRecord full = Survived();
  full.memory_peak = 250 << 20;
  EXPECT_EQ(judged(full), Outcome::kFailed);
  HostileRecord restarted = Survived();
  restarted.restarted = true;
  EXPECT_EQ(judged(restarted), Outcome::kFailed);
  HostileRecord outside = Survived();
  outside.outside = {"a key"};
  EXPECT_EQ(judged(outside), Outcome::kFailed);
  HostileRecord served = Survived();
  served.unbounded.attempts.push_back({"8 MiB", Reply::kServed, 200});
  EXPECT_EQ(judged(served), Outcome::kFailed);
  HostileRecord held = Survived();
  held.injected.attempts.push_back({"path", Reply::kSilent});
  EXPECT_EQ(judged(held), Outcome::kFailed);
  HostileRecord slow = Survived();
  slow.slow_ended = 29;
  EXPECT_EQ(judged(slow), Outcome::kFailed);
  HostileRecord fenced = Survived();
  fenced.fenced = {"a key"};
  EXPECT_EQ(judged(fenced), Outcome::kFailed);
  HostileRecord leaking = Survived();
  leaking.refusals.growth = {4 << 20, 1'500'000, 1'400'000, 1'600'000};
  EXPECT_EQ(judged(leaking), Outcome::kFailed);
  HostileRecord cut_short = Survived();
  cut_short.refusals.per_round = 20;
  EXPECT_EQ(judged(cut_short), Outcome::kInconclusive);
  HostileRecord unmeasured = Survived();
  unmeasured.refusals.growth.clear();
  EXPECT_EQ(judged(unmeasured), Outcome::kInconclusive);
  HostileRecord unwatched = Survived();
  unwatched.unfit = "the gateway's memory could not be watched";
  EXPECT_EQ(judged(unwatched), Outcome::kInconclusive);
  HostileRecord unlimited = Survived();
  unlimited.memory_limit = 0;
  EXPECT_EQ(judged(unlimited), Outcome::kInconclusive);
}

TEST(AttackJudgeTest, EveryKindOfTrespassFails) {
  CrossTeamRecord clean;
  clean.attacker = "sales";
  clean.cells = {{"finance", "ledger_record", "hidden", "refused"}};
  clean.controls = {{"finance calls ledger_record", Reply::kServed, 200, true}};
  EXPECT_EQ(JudgeCrossTeam("S-2", clean).outcome, Outcome::kPassed);
  for (auto offences : {&CrossTeamRecord::listed, &CrossTeamRecord::told, &CrossTeamRecord::granted,
                        &CrossTeamRecord::distinguishable, &CrossTeamRecord::leaked,
                        &CrossTeamRecord::written, &CrossTeamRecord::not_audited}) {
    CrossTeamRecord record = clean;
    (record.*offences).emplace_back("something");
    EXPECT_EQ(JudgeCrossTeam("S-2", record).outcome, Outcome::kFailed);
  }
  clean.unfit = "the stack has one team only";
  EXPECT_EQ(JudgeCrossTeam("S-2", clean).outcome, Outcome::kInconclusive);
}

}  // namespace
}  // namespace proving_ground
