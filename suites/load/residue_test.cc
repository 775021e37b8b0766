#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-7: cleaning up leaves no key, container, network or process behind.
TEST_F(LoadTest, LeavesNothingBehind) {
  EXPECT_THAT(Recorded(JudgeResidue(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
