#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-6: no accepted task is lost, none finishes twice, and none is made up.
TEST_F(LoadTest, NothingIsLostOrDoneTwice) {
  EXPECT_THAT(Recorded(JudgeNothingLost(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
