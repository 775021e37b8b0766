#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"

namespace proving_ground {
namespace {

class HalfTheWorkers : public TeamFailoverTest {
 protected:
  HalfTheWorkers() : TeamFailoverTest("F-11") {}
};

// F-11: when half of the workers die their tasks are reassigned, once.
TEST_P(HalfTheWorkers, DieAndTheirTasksAreReassignedOnce) {
  std::vector<TargetContainer> half = Workers(team());
  Exercise exercise =
      FailoverTest::Begin({.team = team(), .tasks_in_flight = static_cast<int>(half.size())});
  half.resize(half.size() / 2);

  Outage outage = Break(KillSome(faults(), half));
  const auto reassigned = exercise.AwaitReassigned(half, limits().max_reassignment);
  Recover(outage, limits().max_coordinator_downtime);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_coordinator_downtime);
  EXPECT_THAT(Concluded(record, {ReassignedOnce(record),
                                 AtMost("reassignment", reassigned.count(),
                                        limits().max_reassignment.count(), "ms", half.size()),
                                 NothingLost(record), ServiceBack(record)}),
              Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, HalfTheWorkers, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
