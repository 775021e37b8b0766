#include "support/base/poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(AwaitTest, ReturnsTheValueAsSoonAsThereIsOne) {
  int looks = 0;
  const int found = Await("a third look", Within(seconds(10)), [&]() -> std::optional<int> {
    if (++looks < 3) return std::nullopt;
    return looks;
  });
  EXPECT_EQ(found, 3);
}

TEST(AwaitTest, GivingUpTellsWhatWasWantedWhatWasSeenAndHowOftenItLooked) {
  int looks = 0;
  try {
    Await("50 idle workers", Within(milliseconds(60)), [&](std::string& seen) {
      seen = std::to_string(++looks) + " idle";
      return false;
    });
    FAIL() << "did not give up";
  } catch (const DeadlineExceeded& error) {
    EXPECT_GT(looks, 2);
    const std::string count = std::to_string(looks);
    EXPECT_THAT(error.what(), HasSubstr("gave up waiting for 50 idle workers after "));
    EXPECT_THAT(error.what(), HasSubstr(" and " + count + " looks; last seen: " + count + " idle"));
    EXPECT_EQ(ExitStatus(error), 4);
  }
}

TEST(AwaitTest, LooksOnceMoreAtTheDeadline) {
  int looks = 0;
  EXPECT_THROW(Await("never", Within(milliseconds(0)),
                     [&] {
                       ++looks;
                       return false;
                     }),
               DeadlineExceeded);
  EXPECT_EQ(looks, 1) << "a deadline in the past still allows one look";

  const Deadline deadline = Within(milliseconds(50));
  bool looked_after_deadline = false;
  EXPECT_THROW(Await("never", deadline,
                     [&] {
                       looked_after_deadline = deadline.Passed();
                       return false;
                     },
                     {.fastest = seconds(5), .slowest = seconds(5)}),
               DeadlineExceeded);
  EXPECT_TRUE(looked_after_deadline);
}

TEST(AwaitTest, DoesNotSwallowWhatTheProbeThrows) {
  EXPECT_THROW(Await("anything", Within(seconds(10)),
                     []() -> bool { throw UsageError("wrong", "mend it"); }),
               UsageError);
}

TEST(PauseUntilTest, EndsAtTheTime) {
  const Clock::time_point until = Clock::now() + milliseconds(30);
  EXPECT_TRUE(PauseUntil(until));
  EXPECT_GE(Clock::now(), until);
  EXPECT_TRUE(PauseUntil(Clock::now() - seconds(1))) << "a time in the past has come";
}

TEST(PauseUntilTest, EndsEarlyWhenStopIsRequested) {
  const Clock::time_point started = Clock::now();
  bool time_came = true;
  {
    const std::jthread waiting([&](const std::stop_token& stop) {
      time_came = PauseUntil(started + std::chrono::minutes(1), stop);
    });
  }
  EXPECT_FALSE(time_came);
  EXPECT_LT(Clock::now() - started, seconds(30));
}

TEST(DurationTextTest, ChoosesAUnitForPeople) {
  EXPECT_EQ(DurationText(milliseconds(1500)), "1.50 s");
  EXPECT_EQ(DurationText(milliseconds(35)), "35 ms");
  EXPECT_EQ(DurationText(std::chrono::microseconds(12)), "12 us");
}

}  // namespace
}  // namespace proving_ground
