#include "support/base/at_once.h"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <stdexcept>

namespace proving_ground {
namespace {

using testing::ElementsAre;

TEST(AtOnceTest, ReturnsResultsInOrder) {
  const std::vector<int> numbers = {3, 1, 2};
  EXPECT_THAT(AtOnce(numbers, [](int n) { return n * 10; }), ElementsAre(30, 10, 20));
}

TEST(AtOnceTest, RunsAllAtTheSameTime) {
  std::vector<int> numbers = {1, 2, 3};
  std::latch all(3);
  AtOnce(numbers, [&](int& n) {
    all.arrive_and_wait();  // hangs if they were run one after another
    n = 0;
  });
  EXPECT_THAT(numbers, ElementsAre(0, 0, 0));
}

TEST(AtOnceTest, ThrowsAfterAllHaveEnded) {
  const std::vector<int> numbers = {1, 2, 3};
  std::atomic<int> ended = 0;
  EXPECT_THROW(AtOnce(numbers,
                      [&](int n) {
                        ++ended;
                        if (n == 1) throw std::runtime_error("one");
                      }),
               std::runtime_error);
  EXPECT_EQ(ended, 3);
}

}  // namespace
}  // namespace proving_ground
