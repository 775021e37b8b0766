#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"
#include "support/faults/stack_faults.h"

namespace proving_ground {
namespace {

class StatePersistence : public TeamFailoverTest {
 protected:
  StatePersistence() : TeamFailoverTest("F-8") {}
};

// F-8: all that was acknowledged survives a coordinator restart, a Redis crash and a restart of the
// whole stack.
TEST_P(StatePersistence, SurvivesEveryRestart) {
  Exercise exercise = BeginWithTasksInHand();

  Outage restart = Break(Restart(faults(), Coordinator()));
  Recover(restart, limits().max_coordinator_downtime);
  exercise.AwaitService(limits().max_coordinator_downtime);
  Outage crash = Break(Crash(faults(), Redis()));
  Recover(crash, limits().max_redis_recovery);
  exercise.AwaitService(limits().max_redis_recovery);
  exercise.StopProbe();  // its network is about to go
  Outage down = Break(StackDownUp(faults()));
  Recover(down, limits().max_redis_recovery);

  const FailoverRecord record =
      exercise.Finish({&restart, &crash, &down}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {NothingLost(record), ServiceBack(record)}), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, StatePersistence, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
