#include "support/faults/probe/schedule.h"

#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds kEvery{10};

Clock::time_point At(Clock::duration since) {
  return Clock::time_point(std::chrono::hours(1)) + since;
}

// How many operations are due when it is looked at that late.
int TakeAll(Schedule& schedule, Clock::duration now, LagRecorder& lag) {
  int taken = 0;
  while (schedule.Take(At(now), lag)) ++taken;
  return taken;
}

TEST(ScheduleTest, LatenessDoesNotMoveWhatFollows) {
  LagRecorder lag;
  Schedule schedule(At(milliseconds(0)), kEvery);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(TakeAll(schedule, i * kEvery + milliseconds(3), lag), 1);
    EXPECT_EQ(schedule.next(), At((i + 1) * kEvery));
  }
  EXPECT_EQ(lag.worst(), milliseconds(3));
  EXPECT_EQ(schedule.left_out(), 0);
}

TEST(ScheduleTest, NothingIsDueBeforeItsTime) {
  LagRecorder lag;
  Schedule schedule(At(milliseconds(10)), kEvery);
  EXPECT_EQ(TakeAll(schedule, microseconds(9'999), lag), 0);
  EXPECT_EQ(TakeAll(schedule, milliseconds(10), lag), 1);
}

TEST(ScheduleTest, AShortStallIsMadeUpFor) {
  LagRecorder lag;
  Schedule schedule(At(milliseconds(0)), kEvery);
  EXPECT_EQ(TakeAll(schedule, milliseconds(50), lag), 6);
  EXPECT_EQ(schedule.left_out(), 0);
}

TEST(ScheduleTest, ALongStallMakesNoBurst) {
  LagRecorder lag;
  Schedule schedule(At(milliseconds(0)), kEvery);
  EXPECT_EQ(TakeAll(schedule, milliseconds(10'000), lag), 11)
      << "what is 100 ms late at most, and one";
  EXPECT_EQ(schedule.left_out(), 990);
  EXPECT_EQ(schedule.next(), At(milliseconds(10'010)));
  EXPECT_EQ(lag.worst(), milliseconds(10'000)) << "it was late all the same";
}

TEST(LagRecorderTest, TellsTheWorstAndTheNinetyNinthPercentile) {
  LagRecorder lag;
  EXPECT_EQ(lag.worst(), microseconds(0));
  EXPECT_EQ(lag.P99(), microseconds(0));
  for (int i = 0; i < 990; ++i) lag.Add(microseconds(42));
  for (int i = 0; i < 10; ++i) lag.Add(milliseconds(7));
  EXPECT_EQ(lag.P99(), microseconds(50));
  lag.Add(milliseconds(7));
  EXPECT_EQ(lag.P99(), milliseconds(7));
  EXPECT_EQ(lag.worst(), milliseconds(7));
}

TEST(LagRecorderTest, ClassesEndAtATenthOfASecond) {
  LagRecorder lag;
  for (int i = 0; i < 10; ++i) lag.Add(std::chrono::seconds(i));
  EXPECT_EQ(lag.P99(), std::chrono::seconds(9));
}

}  // namespace
}  // namespace proving_ground
