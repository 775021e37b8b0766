#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/intruder.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"

namespace proving_ground {
namespace {

class GatewayRestart : public TeamFailoverTest {
 protected:
  GatewayRestart() : TeamFailoverTest("F-12") {}
};

// F-12: after a restart of the gateway clients go on, and its policy holds from the first request.
TEST_P(GatewayRestart, ClientsGoOnAndThePolicyHolds) {
  if (!running().contract().Service(Role::kGateway)) GTEST_SKIP() << Skip("there is no gateway");
  Intruder intruder(running(), team());
  Exercise exercise =
      FailoverTest::Begin({.team = team(), .tasks_waiting = TasksWaiting(), .calls = true});

  Outage outage = Break(Restart(faults(), Gateway()));
  Recover(outage, limits().max_gateway_downtime);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_gateway_downtime);
  const IntruderLog tried = intruder.Finish();
  EXPECT_THAT(
      Concluded(record,
                {DowntimeBelow(record, OperationKind::kWrite, limits().max_gateway_downtime),
                 GuardHeld(tried, outage),
                 AtLeast("refused after it", tried.RefusedAfter(*outage.times().effect), 10,
                         "calls", tried.Answered()),
                 NothingLost(record), NothingElseRestarted(record)}),
      Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, GatewayRestart, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
