#include "compose/services/gateway/limiter.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

using std::chrono::milliseconds;

class LimiterTest : public ::testing::Test {
 protected:
  std::chrono::steady_clock::time_point now_{};
  TeamLimiter limiter_{
      {.rate = 10, .burst = 3, .max_concurrent = 2, .now = [this] { return now_; }}};
};

TEST_F(LimiterTest, BoundsTheRateAfterABurst) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter_.TryAcquire().has_value()) << i;
  EXPECT_FALSE(limiter_.TryAcquire().has_value());
  now_ += milliseconds(99);
  EXPECT_FALSE(limiter_.TryAcquire().has_value());
  now_ += milliseconds(1);
  EXPECT_TRUE(limiter_.TryAcquire().has_value());
  EXPECT_FALSE(limiter_.TryAcquire().has_value());
}

TEST_F(LimiterTest, APauseEarnsNoMoreThanTheBurst) {
  now_ += std::chrono::hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter_.TryAcquire().has_value());
  EXPECT_FALSE(limiter_.TryAcquire().has_value());
}

TEST_F(LimiterTest, BoundsWhatRunsAtTheSameTime) {
  auto first = limiter_.TryAcquire();
  const auto second = limiter_.TryAcquire();
  now_ += std::chrono::hours(1);
  EXPECT_FALSE(limiter_.TryAcquire().has_value());

  first.reset();

  EXPECT_TRUE(limiter_.TryAcquire().has_value());
}

}  // namespace
}  // namespace platform
