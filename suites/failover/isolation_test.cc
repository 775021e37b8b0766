#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"
#include "support/faults/stack_faults.h"

namespace proving_ground {
namespace {

// Five teams under load at once: each at half of the usual rate.
constexpr int kSlower = 2;

class NeighbourOutage : public TeamFailoverTest {
 protected:
  NeighbourOutage() : TeamFailoverTest("F-14") {}
};

// F-14: an outage of one team leaves the others as they were.
TEST_P(NeighbourOutage, LeavesTheOtherTeamsAsTheyWere) {
  if (AllTeams().size() < 2) GTEST_SKIP() << Skip("the stack has one team only");
  std::vector<Exercise> exercises = BeginAll(kSlower * limits().probe_every);

  Outage outage = Break(Stop(faults(), Coordinator()));
  exercises.front().Watch(limits().outage);
  Recover(outage, limits().max_coordinator_downtime);

  std::vector<Verdict> verdicts;
  for (const FailoverRecord& record :
       FinishAll(exercises, outage, limits().max_coordinator_downtime)) {
    verdicts.push_back(record.team == team()
                           ? Conclude(record, {RefusedDuring(record), NothingLost(record)})
                           : Conclude(record, {Unmoved(record), NothingLost(record)}));
  }
  Verdict verdict = Combine(verdicts);
  verdict.team = team();
  EXPECT_THAT(Recorded(verdict), Proven());
}

class RollingCoordinatorRestart : public FailoverTest {
 protected:
  RollingCoordinatorRestart() : FailoverTest("F-15") {}
};

// F-15: a rolling restart of all coordinators under load loses nothing and downs one at a time.
TEST_F(RollingCoordinatorRestart, LosesNothingAndDownsOneAtATime) {
  std::vector<Exercise> exercises = BeginAll(kSlower * limits().probe_every);

  Outage outage = Break(RollingRestart(faults(), Coordinators(), WhenReady(exercises)));
  Recover(outage, limits().max_coordinator_downtime);

  const std::vector<FailoverRecord> records =
      FinishAll(exercises, outage, limits().max_coordinator_downtime);
  std::vector<Verdict> verdicts;
  for (const FailoverRecord& record : records) {
    verdicts.push_back(Conclude(
        record, {DowntimeBelow(record, OperationKind::kTask, limits().max_coordinator_downtime),
                 NothingLost(record)}));
  }
  Verdict verdict = Combine(verdicts);
  Add(DownAtOnce(records, 1), verdict);
  EXPECT_THAT(Recorded(verdict), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, NeighbourOutage, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
