// Every fault against a real engine: proved, undone, and mended when the harness is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>

#include "support/base/files.h"
#include "support/engine/testing/sleeper_image.h"
#include "support/faults/baseline.h"
#include "support/faults/helper_container.h"
#include "support/faults/outage.h"
#include "support/faults/reaper.h"
#include "support/faults/reaper_settings.h"
#include "support/faults/testing/holder.h"
#include "support/faults/testing/small_stack.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class FaultsLiveTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoEngine(); !why.empty()) GTEST_SKIP() << why;
    image_.emplace();
    SmallStack::Write(folder_.path(), image_->name());
    stack_.emplace(folder_.path(), project_);
    stack_->Up();
    control_ = Control();
    before_.emplace(Baseline::OfStack(stack_->stack()));
  }
  void TearDown() override {
    if (!stack_) return;
    EXPECT_EQ(stack_->Down(), "");
  }

  ContainerDetails Control() {
    return stack_->engine().InspectContainer(stack_->stack().Containers("control").at(0).id);
  }
  // No fault is about it, so nothing may happen to it; but that the whole stack goes down.
  void ExpectControlUntouched() {
    const ContainerDetails now = Control();
    EXPECT_EQ(now.id, control_.id);
    EXPECT_EQ(now.started_at, control_.started_at);
    EXPECT_EQ(now.finished_at, control_.finished_at);
    EXPECT_EQ(now.state, ContainerState::kRunning);
  }
  void ExpectAsBefore(const Fault& fault) {
    EXPECT_THAT(before_->Differences({.addresses_may_change = fault.addresses_may_change,
                                      .containers_may_change = fault.containers_may_change}),
                IsEmpty());
    EXPECT_THAT(stack_->engine().ListContainers({{std::string(kHelperLabel), project_}}),
                IsEmpty());
    EXPECT_EQ(ReadFile(stack_->client().password_file), "client-password\n");
    EXPECT_TRUE(stack_->HasKeepsake()) << "data was lost";
    if (fault.name != "down and up") ExpectControlUntouched();
  }
  // The same, as soon as it is.
  void AwaitAsBefore(const Fault& fault) {
    Await("the stack as before", Within(40s), [&](std::string& seen) {
      for (const std::string& sentence :
           before_->Differences({.addresses_may_change = fault.addresses_may_change,
           .containers_may_change = fault.containers_may_change})) {
        seen += sentence + "; ";
      }
      return seen.empty();
    });
    ExpectAsBefore(fault);
  }

  void BreakAndHeal() {
    Journal journal(stack_->journal(), project_);
    const Clock::time_point began = Clock::now();
    Outage outage = Inject(stack_->context(), journal, stack_->MakeFault(GetParam()));
    const Clock::time_point injected = Clock::now();
    outage.AwaitEffect(Within(20s));
    EXPECT_EQ(journal.OpenFaults().size(), 1U);
    if (outage.fault().name != "down and up") ExpectControlUntouched();
    const Clock::time_point healing = Clock::now();
    outage.Heal();
    EXPECT_TRUE(outage.AwaitRecovery(Within(40s)))
        << ::testing::PrintToString(outage.differences());
    EXPECT_THAT(journal.OpenFaults(), IsEmpty());
    const OutageTimes& times = outage.times();
    Tell("prepare", *times.injected - began);
    Tell("inject", injected - *times.injected);
    Tell("effect", *times.effect - *times.injected);
    Tell("heal", *times.healed - healing);
    Tell("recovered", *times.recovered - healing);
    std::cout << outage.evidence() << '\n';
  }

  void KillHarness() {
    Holder holder(folder_.path(), project_, GetParam());
    ASSERT_GT(std::filesystem::file_size(stack_->journal()), 0U);
    holder.Kill();
    const Clock::time_point killed = Clock::now();
    Await("the reaper to close the journal", Within(40s),
          [&] { return std::filesystem::file_size(stack_->journal()) == 0; });
    Tell("mended by the reaper", Clock::now() - killed);
    Await("the reaper to end", Within(10s), [&] { return ::kill(holder.Reaper(), 0) != 0; });
    EXPECT_THAT(ReadFile(ReaperLogPath(stack_->journal())), HasSubstr("was taken back"));
  }

  void KillHarnessAndReaper() {
    Holder holder(folder_.path(), project_, GetParam());
    holder.KillReaper();
    holder.Kill();
    Journal journal(stack_->journal(), project_);
    ASSERT_EQ(journal.OpenFaults().size(), 1U);
    EXPECT_THAT(HealLeftovers(stack_->context(), journal),
                ElementsAre(HasSubstr("was taken back")));
    EXPECT_THAT(journal.OpenFaults(), IsEmpty());
  }

  static void Tell(const char* what, Clock::duration duration) {
    std::cout << GetParam() << ": " << what << " " << DurationText(duration) << '\n';
  }

  TemporaryFolder folder_{"faults"};
  std::string project_ = UniqueTestName("faults");
  std::optional<SleeperImage> image_;
  std::optional<SmallStack> stack_;
  std::optional<Baseline> before_;
  ContainerDetails control_;
};

TEST_P(FaultsLiveTest, IsProvedUndoneAndMended) {
  const Fault twin = stack_->MakeFault(GetParam());
  ASSERT_EQ(twin.unavailable, "");
  for (int look = 0; look < 3; ++look) {
    EXPECT_EQ(twin.effect(), std::nullopt) << "nothing was injected";
  }
  {
    SCOPED_TRACE("injected and healed");
    BreakAndHeal();
    ExpectAsBefore(twin);
  }
  {
    SCOPED_TRACE("harness killed");
    KillHarness();
    AwaitAsBefore(twin);
  }
  {
    SCOPED_TRACE("harness and reaper killed");
    KillHarnessAndReaper();
    AwaitAsBefore(twin);
  }
}

class CrashedRedis : public FaultsLiveTest {};

// Redis reports a crash from a handler, which may hang on a lock that the interrupted code holds.
TEST_P(CrashedRedis, EndsBeforeAHandlerOfItsOwnRuns) {
  BreakAndHeal();
  const Container redis = stack_->stack().Containers("redis").at(0);
  const std::string log = stack_->engine().Logs(redis.id).standard_output;
  EXPECT_THAT(log, HasSubstr("Ready to accept connections"));
  EXPECT_THAT(log, Not(HasSubstr("BUG REPORT")));
}

INSTANTIATE_TEST_SUITE_P(Faults, CrashedRedis, ::testing::Values("CrashRedis"));
INSTANTIATE_TEST_SUITE_P(Faults, FaultsLiveTest,
                         ::testing::Values("Restart", "Crash", "CrashRedis", "Kill", "KillSome",
                                           "Stop", "Freeze", "FreezeRedis", "Recreate",
                                           "RecreateLastWorker", "ReadOnly", "OutOfMemory",
                                           "KillClients", "KillClientsOfUser", "RevokeUser",
                                           "RotatePassword", "StackDownUp", "RollingRestart"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace proving_ground
