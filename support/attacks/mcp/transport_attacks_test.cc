#include "support/attacks/mcp/transport_attacks.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/attack_judge.h"
#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(TransportAttacksTest, AGoodGatewayRefusesThemAll) {
  ScriptedGateway gateway(Defect::kNone);
  const AttackRecord record = AttackTransport(gateway.Team("sales"));
  const Verdict verdict = JudgeRefusals("S-12", record);
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_GE(record.attempts.size(), 90U);
  EXPECT_THAT(gateway.KeysHolding("acceptance-"), IsEmpty()) << "it cleans up";
}

struct Weakness {
  Defect defect;
  const char* attack;
};

class WeakTransport : public testing::TestWithParam<Weakness> {};

TEST_P(WeakTransport, IsFound) {
  const ScriptedGateway gateway(GetParam().defect);
  const Verdict verdict = JudgeRefusals("S-12", AttackTransport(gateway.Team("sales")));
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr(GetParam().attack))) << verdict;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WeakTransport,
    testing::Values(Weakness{Defect::kNoHostCheck, "Host \"attacker.example\""},
                    Weakness{Defect::kNoOriginCheck, "Origin null"},
                    Weakness{Defect::kRunsBatches, "batch of one"},
                    Weakness{Defect::kRunsNotifications, "call as a notification"},
                    Weakness{Defect::kNoEraCheck, "under the old revision's header"},
                    Weakness{Defect::kNoMirrorCheck, "Mcp-Name says memory_get"},
                    Weakness{Defect::kLastKeyWins, "method given twice"},
                    Weakness{Defect::kNoFramingCheck, "two Content-Lengths"}));

}  // namespace
}  // namespace proving_ground
