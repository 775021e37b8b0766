#include "support/attacks/mcp/cross_team.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/attack_judge.h"
#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

CrossTeamRecord Attack(ScriptedGateway& gateway, const std::string& attacker) {
  CrossTeamSetup setup{.attacker = attacker,
                       .teams = gateway.Teams(),
                       .tools = ScriptedGateway::Tools(),
                       .store = &gateway,
                       .log = [&gateway] { return gateway.Log(); }};
  return AttackAcrossTeams(setup);
}

TEST(CrossTeamTest, AGoodGatewayKeepsTeamsApart) {
  ScriptedGateway gateway(Defect::kNone);
  const CrossTeamRecord record = Attack(gateway, "sales");
  const Verdict verdict = JudgeCrossTeam("S-2", record);

  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_EQ(verdict.team, "sales");
  EXPECT_EQ(record.cells.size(), 9U) << "every tool of every other team";
  EXPECT_GE(record.refused, 13);
  EXPECT_EQ(record.audited, 1);
  EXPECT_THAT(gateway.KeysHolding("acceptance-"), IsEmpty()) << "it cleans up";
}

TEST(CrossTeamTest, ATeamWithAllToolsIsTriedOnTheNotesOfOthers) {
  ScriptedGateway gateway(Defect::kNone);
  const CrossTeamRecord record = Attack(gateway, "finance");
  EXPECT_EQ(JudgeCrossTeam("S-2", record).outcome, Outcome::kPassed);
  EXPECT_EQ(record.refused, 0);
  EXPECT_GE(record.tried, 60);
}

TEST(CrossTeamTest, AControlThatFailsIsNoProof) {
  ScriptedGateway gateway(Defect::kNone);
  CrossTeamSetup setup{.attacker = "sales",
                       .teams = gateway.Teams(),
                       .tools = ScriptedGateway::Tools(),
                       .store = &gateway,
                       .log = [&gateway] { return gateway.Log(); }};
  setup.tools["finance"].push_back("tool_that_is_not_there");
  const Verdict verdict = JudgeCrossTeam("S-2", AttackAcrossTeams(setup));
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive) << verdict;
  EXPECT_THAT(verdict.summary, HasSubstr("finance"));
}

struct Weakness {
  Defect defect;
  const char* detail;
};

class WeakSeparation : public testing::TestWithParam<Weakness> {};

TEST_P(WeakSeparation, IsFound) {
  ScriptedGateway gateway(GetParam().defect);
  const Verdict verdict = JudgeCrossTeam("S-2", Attack(gateway, "sales"));
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
  EXPECT_THAT(verdict.details, Contains(HasSubstr(GetParam().detail))) << verdict;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WeakSeparation,
    testing::Values(Weakness{Defect::kListsEverything, "tools of others listed: ledger_record"},
                    Weakness{Defect::kIgnoresTeam, "tools of others run: ledger_record"},
                    Weakness{Defect::kOneStore, "written outside the team's own keys"},
                    Weakness{Defect::kTrustsHeader, "claiming to be finance"},
                    Weakness{Defect::kTellsForbidden, "refused otherwise than an unknown tool"},
                    Weakness{Defect::kNamesTools, "told of: ledger_record in the answer to"},
                    Weakness{Defect::kNoAudit, "denials missing in the log: ledger_record"},
                    Weakness{Defect::kLooseNames, "finance/ledger_record"},
                    Weakness{Defect::kRawKeys, "team:"}));

}  // namespace
}  // namespace proving_ground
