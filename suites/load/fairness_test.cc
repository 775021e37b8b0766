#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-9: no team starves.
TEST_F(LoadTest, NoTeamStarves) {
  if (recording().teams.size() < 2) {
    GTEST_SKIP() << Skipped("L-9", "one team alone has nobody to be compared with");
  }
  EXPECT_THAT(Recorded(JudgeFairness(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
