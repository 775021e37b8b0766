#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-1: nine workers in ten register, finish every task they get and leave gracefully.
TEST_F(LoadTest, WorkersComplete) { EXPECT_THAT(Recorded(JudgeCompletion(recording())), Proven()); }

// L-2: in every team four workers in five do so.
TEST_P(TeamLoadTest, WorkersOfTheTeamComplete) {
  if (const std::string why = CannotNameWorkers(); !why.empty()) {
    GTEST_SKIP() << Skipped("L-2", why, team());
  }

  EXPECT_THAT(Recorded(JudgeTeamCompletion(recording(), team())), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, TeamLoadTest, testing::ValuesIn(TeamsOfRun()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
