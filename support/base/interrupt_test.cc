#include "support/base/interrupt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "support/base/errors.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

// Signals change the process for good, so each case runs in a child that reports by its exit
// status.

TEST(InterruptTest, EndsAWaitWithTheSignalsExitStatus) {
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        try {
          Await("nothing", Within(std::chrono::minutes(1)), [] {
            std::raise(SIGTERM);
            return false;
          });
        } catch (const Interrupted& interrupted) {
          std::fputs(interrupted.what(), stderr);
          std::exit(ExitStatus(interrupted));
        }
      },
      ::testing::ExitedWithCode(128 + SIGTERM), "interrupted by SIGTERM while waiting for nothing");
}

TEST(InterruptTest, EndsAPauseWithoutAnException) {
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        std::raise(SIGINT);
        std::exit(PauseUntil(Clock::now() + std::chrono::minutes(1)) ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(InterruptTest, AShieldLetsCleanUpWait) {
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        std::raise(SIGINT);
        int looks = 0;
        {
          const InterruptShield shield;
          Await("a second look", Within(std::chrono::minutes(1)), [&] { return ++looks == 2; });
        }
        std::exit(InterruptSignal() == SIGINT ? looks : 1);
      },
      ::testing::ExitedWithCode(2), "");
}

TEST(InterruptTest, TheSecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        std::raise(SIGINT);
        std::raise(SIGINT);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace proving_ground
