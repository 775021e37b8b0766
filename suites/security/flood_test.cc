#include "support/attacks/mcp/flood.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/gateway_attack.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"

namespace proving_ground {
namespace {

class TeamFlood : public TeamGatewayAttackTest {
 protected:
  TeamFlood() : TeamGatewayAttackTest("S-17") {}
};

// S-17: a flood of requests by one team leaves the answer times of the others within bounds.
TEST_P(TeamFlood, IsNotFeltByTheOthers) {
  if (AllTeams().size() < 2) GTEST_SKIP() << Skip("the stack has one team only");
  std::map<std::string, McpSender> others = Senders();
  const McpSender flooder = others.extract(team()).mapped();

  const FloodRecord record = Flood(team(), flooder, others, limits().flood);

  Keep("flood-" + team(), ToJson(record));
  EXPECT_THAT(Recorded(JudgeFlood(criterion(), record, Limits())), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, TeamFlood, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
