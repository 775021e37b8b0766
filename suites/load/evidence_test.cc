#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-5: the work of every finished task was really done.
TEST_F(LoadTest, WorkWasReallyDone) {
  if (!recording().journals) {
    GTEST_SKIP() << Skipped("L-5", "the stack has no gateway to read evidence of work through");
  }

  EXPECT_THAT(Recorded(JudgeEvidence(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
