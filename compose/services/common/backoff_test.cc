#include "compose/services/common/backoff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace platform {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::Ge;
using testing::Le;

TEST(BackoffTest, DoublesFromMinimumToMaximumWithinUpperHalf) {
  Backoff backoff(milliseconds(50), milliseconds(400), 1);
  for (const int ceiling : {50, 100, 200, 400, 400, 400}) {
    EXPECT_THAT(backoff.Next().count(), AllOf(Ge(ceiling / 2), Le(ceiling)));
  }
}

TEST(BackoffTest, ResetStartsAgainFromMinimum) {
  Backoff backoff(milliseconds(50), milliseconds(2000), 1);
  for (int i = 0; i < 10; ++i) backoff.Next();
  backoff.Reset();
  EXPECT_THAT(backoff.Next().count(), Le(50));
}

TEST(BackoffTest, ClientsSpreadOut) {
  std::set<milliseconds::rep> first_waits;
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    first_waits.insert(Backoff(milliseconds(1000), milliseconds(2000), seed * 7919).Next().count());
  }
  EXPECT_THAT(first_waits.size(), Ge(20U));
}

}  // namespace
}  // namespace platform
