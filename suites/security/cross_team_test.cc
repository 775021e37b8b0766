#include "support/attacks/mcp/cross_team.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/gateway_attack.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"

namespace proving_ground {
namespace {

class CrossTeamAccess : public TeamGatewayAttackTest {
 protected:
  CrossTeamAccess() : TeamGatewayAttackTest("S-2") {}
};

// S-2: a team neither sees nor runs the tools of others, reaches nothing of theirs through the
// tools it has, learns nothing from being refused, and every denial is in the gateway's log.
TEST_P(CrossTeamAccess, ReachesNothingOfTheOthers) {
  if (AllTeams().size() < 2) GTEST_SKIP() << Skip("the stack has one team only");
  const auto store = Store();

  const CrossTeamRecord record = AttackAcrossTeams(
      {.attacker = team(),
       .teams = Senders(),
       .tools = limits().tools,
       .own_keys = OwnKeys(),
       .store = store.get(),
       .log = [this, since = std::chrono::system_clock::now()] { return LogSince(since); }});

  Keep("cross-team-" + team(), ToJson(record));
  EXPECT_THAT(Recorded(JudgeCrossTeam(criterion(), record)), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, CrossTeamAccess, testing::ValuesIn(TeamsOfRun()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
