#include <gmock/gmock.h>

#include "fixtures/load_test.h"
#include "fixtures/matchers.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

// L-4: Redis answers throughout the run.
TEST_F(LoadTest, RedisAnswersThroughout) {
  EXPECT_THAT(Recorded(JudgeRedisAnswers(recording())), Proven());
}

}  // namespace
}  // namespace proving_ground
