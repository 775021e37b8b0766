#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/late_submissions.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"
#include "support/faults/scale_out.h"

namespace proving_ground {
namespace {

class StaleCoordinator : public TeamFailoverTest {
 protected:
  StaleCoordinator() : TeamFailoverTest("F-10") {}
};

// F-10: a coordinator that wakes up after its successor took over writes nothing.
TEST_P(StaleCoordinator, WritesNothingWhenItWakesUp) {
  Outage successor = Break(ScaleOut(faults(), Coordinator().service, 2));
  Exercise exercise = Begin();

  Outage frozen = Break(Freeze(faults(), Coordinator()));
  // They wait in the frozen one's sockets and reach it when it wakes up.
  LateSubmissions late(running(), Coordinator(), 5);
  exercise.AwaitSuccessor(2, limits().max_coordinator_downtime);
  frozen.Heal();
  const LateAnswers answers = late.Finish();
  Recover(frozen, limits().max_coordinator_downtime);

  const FailoverRecord record = exercise.Finish({&frozen}, limits().max_coordinator_downtime);
  EXPECT_THAT(
      Concluded(record,
                {AtLeast("late writes that reached it", answers.answered, 1, "tasks", answers.sent),
                 AtMost("late writes accepted by it", answers.accepted, 0, "tasks", answers.sent),
                 NothingLost(record), ServiceBack(record)}),
      Proven());
  Recover(successor, limits().max_coordinator_downtime);
}

INSTANTIATE_TEST_SUITE_P(Teams, StaleCoordinator, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
