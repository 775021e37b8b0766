#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-3: the run ends in time, from spawning the workers to cleaning up.
TEST_F(LoadTest, EndsInTime) { EXPECT_THAT(Recorded(JudgeWallClock(recording())), Proven()); }

}  // namespace
}  // namespace proving_ground
