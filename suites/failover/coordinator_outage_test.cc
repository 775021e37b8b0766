#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"

namespace proving_ground {
namespace {

// What must hold whenever a coordinator was away.
std::vector<Claim> BackInTime(const FailoverRecord& record) {
  return {DowntimeBelow(record, OperationKind::kTask, record.contract.max_coordinator_downtime),
          WorkersSurvived(record), NothingLost(record), NothingElseRestarted(record)};
}

class CoordinatorRestart : public TeamFailoverTest {
 protected:
  CoordinatorRestart() : TeamFailoverTest("F-1") {}
};

// F-1: a coordinator restarted under load is back in time, and its workers finish what they had.
TEST_P(CoordinatorRestart, IsBackInTimeWithItsWorkers) {
  Exercise exercise = BeginWithTasksInHand();

  Outage outage = Break(Restart(faults(), Coordinator()));
  Recover(outage, limits().max_coordinator_downtime);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_coordinator_downtime);
  EXPECT_THAT(Concluded(record, BackInTime(record)), Proven());
}

class CoordinatorCrash : public TeamFailoverTest {
 protected:
  CoordinatorCrash() : TeamFailoverTest("F-2") {}
};

// F-2: the same after a crash, which the restart policy alone heals.
TEST_P(CoordinatorCrash, IsHealedByTheRestartPolicyAlone) {
  Exercise exercise = BeginWithTasksInHand();

  Outage outage = Break(Crash(faults(), Coordinator()));
  Recover(outage, limits().max_coordinator_downtime);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_coordinator_downtime);
  EXPECT_THAT(Concluded(record, BackInTime(record)), Proven());
}

class CoordinatorKill : public TeamFailoverTest {
 protected:
  CoordinatorKill() : TeamFailoverTest("F-3") {}
};

// F-3: the same after a coordinator was killed and an operator started it.
TEST_P(CoordinatorKill, IsBackOnceAnOperatorHasStartedIt) {
  Exercise exercise = BeginWithTasksInHand();

  Outage outage = Break(Kill(faults(), Coordinator()));
  Recover(outage, limits().max_coordinator_downtime);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_coordinator_downtime);
  EXPECT_THAT(Concluded(record, BackInTime(record)), Proven());
}

class WorkThroughRestart : public TeamFailoverTest {
 protected:
  WorkThroughRestart() : TeamFailoverTest("F-9") {}
};

// F-9: with ten workers at work most operations succeed through a coordinator restart, and all
// accepted tasks finish.
TEST_P(WorkThroughRestart, MostOperationsSucceedAndAllTasksFinish) {
  Exercise exercise = Begin();

  Outage outage = Break(Restart(faults(), Coordinator()));
  Recover(outage, limits().max_coordinator_downtime);
  exercise.WatchUntil(*outage.times().injected + limits().failover_window);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_coordinator_downtime);
  EXPECT_THAT(Concluded(record, {SuccessAtLeast(record, limits().failover_window,
                                                limits().min_success_during_failover),
                                 AtLeast("workers", record.workers_before.size(),
                                         running().contract().load.workers_per_team, "workers", 1),
                                 NothingLost(record)}),
              Proven());
}

const auto kTeamName = [](const auto& info) { return TeamTestName(info.param); };
INSTANTIATE_TEST_SUITE_P(Teams, CoordinatorRestart, testing::ValuesIn(TeamsOfRun()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, CoordinatorCrash, testing::ValuesIn(TeamsOfRun()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, CoordinatorKill, testing::ValuesIn(TeamsOfRun()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, WorkThroughRestart, testing::ValuesIn(TeamsOfRun()), kTeamName);

}  // namespace
}  // namespace proving_ground
