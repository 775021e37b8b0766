#include "support/attacks/mcp/hostile_input.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/attack_judge.h"
#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

HostileRecord Attack(ScriptedGateway& gateway) {
  HostileSetup setup{.attacker = "sales", .teams = gateway.Teams(), .store = &gateway};
  setup.state = [&gateway] {
    return GatewayState{std::to_string(gateway.lives()), (10 << 20) + gateway.hoarded(), 100 << 20};
  };
  setup.max_slow_request = 3s;
  return AttackWithHostileInput(setup);
}

// A loaded machine is not what is judged here.
const HostileLimits kPatient{.neighbours = {.max_p99_ratio = 3.0, .p99_floor = 1s}};

TEST(HostileInputTest, AGoodGatewayStaysUpAndBounded) {
  ScriptedGateway gateway(Defect::kNone);
  const HostileRecord record = Attack(gateway);
  const Verdict verdict = JudgeHostileInput("S-13", record, kPatient);
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_GE(record.injected.attempts.size(), 150U);
  EXPECT_EQ(record.unbounded.attempts.size(), 12U);
  EXPECT_EQ(record.slow_ended, record.slow);
  EXPECT_THAT(gateway.KeysHolding("acceptance-"), IsEmpty()) << "it cleans up";
}

struct Weakness {
  Defect defect;
  const char* detail;
};

class WeakInput : public testing::TestWithParam<Weakness> {};

TEST_P(WeakInput, IsFound) {
  ScriptedGateway gateway(GetParam().defect);
  const Verdict verdict = JudgeHostileInput("S-13", Attack(gateway), kPatient);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr(GetParam().detail))) << verdict;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WeakInput,
    testing::Values(Weakness{Defect::kRawKeys, "team:finance:acceptance-"},
                    Weakness{Defect::kPrefixedKeys, "changed a key that is no note"},
                    Weakness{Defect::kFencedKeys, "refused by the store alone: \"team:finance:"},
                    Weakness{Defect::kNoLimits, "not refused: a body of 8 MiB"},
                    Weakness{Defect::kFailsWhenDeep, "not refused: arrays 200,000 deep"}));

TEST(HostileInputTest, AGatewayThatWaitsForEverIsFound) {
  ScriptedGateway gateway(Defect::kHoldsSlow);
  const HostileRecord record = Attack(gateway);
  EXPECT_EQ(record.slow_ended, 0);
  EXPECT_EQ(JudgeHostileInput("S-13", record, kPatient).outcome, Outcome::kFailed);
}

TEST(HostileInputTest, WhatIsKeptOfRefusedRequestsIsFound) {
  ScriptedGateway gateway(Defect::kHoards);
  const HostileRecord record = Attack(gateway);
  EXPECT_GE(record.refusals.PerRequest().value_or(0), 1'000);
  EXPECT_EQ(JudgeHostileInput("S-13", record, kPatient).outcome, Outcome::kFailed);
}

TEST(HostileInputTest, AGatewayThatDiesOverItIsFound) {
  ScriptedGateway gateway(Defect::kDiesWhenDeep);
  const HostileRecord record = Attack(gateway);
  EXPECT_TRUE(record.restarted);
  EXPECT_EQ(JudgeHostileInput("S-13", record, kPatient).outcome, Outcome::kFailed);
}

}  // namespace
}  // namespace proving_ground
