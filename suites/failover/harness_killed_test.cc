#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/harness_kills.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"

namespace proving_ground {
namespace {

class HarnessKilled : public TeamFailoverTest {
 protected:
  HarnessKilled() : TeamFailoverTest("F-18") {}
};

// F-18: a harness that is killed in the middle of a fault leaves the stack as it was.
TEST_P(HarnessKilled, LeavesTheStackAsItWas) {
  TheRun::Get().ReleaseFaults();  // the harness that is to be killed needs the journal
  const HarnessKillReport report =
      KillHarnessRepeatedly(running(), team(), limits().harness_kills, RunSeed());

  Verdict verdict = Holds("a harness was killed while it held a fault, again and again");
  Claim kills;
  kills.details = {fmt::format("killed with a fault open: {} of {} times", report.killed_in_fault,
                               report.rounds)};
  if (3 * report.killed_in_fault < limits().harness_kills) {
    kills.unfit = "the harness was mostly killed before its fault was in";
  }
  Add(None("differences afterwards", report.differences, report.rounds), verdict);
  Add(None("faults still open", report.still_open, report.rounds), verdict);
  Add(kills, verdict);
  EXPECT_THAT(Recorded(verdict), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, HarnessKilled, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
