#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-8: memory and keys do not grow without bound.
TEST_F(LoadTest, MemoryAndKeysStayBounded) {
  EXPECT_THAT(Recorded(JudgeGrowth(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
