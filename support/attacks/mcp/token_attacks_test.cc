#include "support/attacks/mcp/token_attacks.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/attack_judge.h"
#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Verdict Attacked(Defect defect, bool with_key = true) {
  const ScriptedGateway gateway(defect);
  const McpSender team = gateway.Team("marketing");
  const TokenForge forge(team.token(), "marketing",
                         with_key ? std::optional(gateway.key()) : std::nullopt);
  return JudgeRefusals("S-11", AttackTokens(team, forge, std::chrono::system_clock::now()));
}

TEST(TokenAttacksTest, AGoodGatewayRefusesThemAllAndServesTheRightfulOne) {
  ScriptedGateway gateway(Defect::kNone);
  const McpSender team = gateway.Team("marketing");
  const AttackRecord record = AttackTokens(
      team, TokenForge(team.token(), "marketing", gateway.key()), std::chrono::system_clock::now());
  const Verdict verdict = JudgeRefusals("S-11", record);
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_GE(record.attempts.size(), 90U);
  EXPECT_EQ(record.controls.size(), 8U);
  EXPECT_THAT(gateway.KeysHolding("acceptance-"), IsEmpty()) << "it cleans up";
}

TEST(TokenAttacksTest, WithoutTheSigningKeyNothingIsProven) {
  const Verdict verdict = Attacked(Defect::kNone, false);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("signing key"));
}

struct Weakness {
  Defect defect;
  const char* attack;  // one that must be named
};

class WeakTokenCheck : public testing::TestWithParam<Weakness> {};

TEST_P(WeakTokenCheck, IsFound) {
  const Verdict verdict = Attacked(GetParam().defect);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr(GetParam().attack))) << verdict;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WeakTokenCheck,
    testing::Values(Weakness{Defect::kNoSignature, "another key"},
                    Weakness{Defect::kAlgorithmOfToken, "algorithm none"},
                    Weakness{Defect::kKeyOfToken, "offered in the token"},
                    Weakness{Defect::kNoExpiry, "expired"},
                    Weakness{Defect::kNoNotBefore, "not yet valid"},
                    Weakness{Defect::kNoAudience, "another audience"},
                    Weakness{Defect::kAudiencePrefix, "audience with something behind it"},
                    Weakness{Defect::kNoIssuer, "another issuer"},
                    Weakness{Defect::kUnknownTeams, "team that does not exist"},
                    Weakness{Defect::kFirstAuthorization, "two Authorization headers"},
                    Weakness{Defect::kTokenInQuery, "token in the query"},
                    Weakness{Defect::kConnectionTrust, "on a connection that was served before"},
                    Weakness{Defect::kLoosePaths, "no token, path"}));

}  // namespace
}  // namespace proving_ground
