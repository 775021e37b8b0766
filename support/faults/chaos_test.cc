#include "support/faults/chaos.h"

#include <gmock/gmock.h>

#include <set>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::tuple<std::size_t, milliseconds, milliseconds>> Plain(
    const std::vector<ChaosStep>& steps) {
  std::vector<std::tuple<std::size_t, milliseconds, milliseconds>> plain;
  for (const ChaosStep& step : steps) plain.emplace_back(step.fault, step.hold, step.pause);
  return plain;
}

TEST(ChaosScheduleTest, TheSameSeedGivesTheSameSequence) {
  EXPECT_EQ(Plain(ChaosSchedule(7, 10, seconds(60))), Plain(ChaosSchedule(7, 10, seconds(60))));
  EXPECT_NE(Plain(ChaosSchedule(7, 10, seconds(60))), Plain(ChaosSchedule(8, 10, seconds(60))));
}

TEST(ChaosScheduleTest, ALongerRunBeginsLikeAShorterOne) {
  const auto shorter = Plain(ChaosSchedule(7, 10, seconds(20)));
  auto longer = Plain(ChaosSchedule(7, 10, seconds(60)));
  ASSERT_GT(longer.size(), shorter.size());
  longer.resize(shorter.size());
  EXPECT_EQ(longer, shorter);
}

TEST(ChaosScheduleTest, EveryFaultHasItsTurnBeforeAnyComesAgain) {
  const auto steps = ChaosSchedule(3, 5, seconds(60));
  ASSERT_GE(steps.size(), 10U);
  for (std::size_t round = 0; round < 2; ++round) {
    std::set<std::size_t> faults;
    for (std::size_t i = 0; i < 5; ++i) faults.insert(steps[5 * round + i].fault);
    EXPECT_THAT(faults, testing::ElementsAre(0, 1, 2, 3, 4));
  }
}

TEST(ChaosScheduleTest, LastsForTheDurationAskedFor) {
  milliseconds planned{0};
  for (const ChaosStep& step : ChaosSchedule(1, 4, seconds(30))) planned += step.hold + step.pause;
  EXPECT_GE(planned, seconds(30));
  EXPECT_LT(planned, seconds(34));
}

TEST(ChaosScheduleTest, NothingToComposeIsAnError) {
  EXPECT_THROW(ChaosSchedule(1, 0, seconds(1)), UsageError);
}

}  // namespace
}  // namespace proving_ground
