#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-9: no team starves.
TEST_F(LoadTest, NoTeamStarves) { EXPECT_THAT(Recorded(JudgeFairness(recording())), Proven()); }

}  // namespace
}  // namespace proving_ground
