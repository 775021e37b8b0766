#include "support/faults/reaper.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "support/base/files.h"
#include "support/compose/compose_stack.h"
#include "support/faults/reaper_settings.h"
#include "support/faults/testing/fake_engine.h"
#include "support/faults/testing/holder.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class ReaperTest : public ::testing::Test {
 protected:
  ReaperTest() {
    nlohmann::json& labels = fake_.Inspect(fake_.Add("redis"))["Config"]["Labels"];
    labels["com.docker.compose.project.config_files"] = "/shop/a.yaml,/shop/b.yaml";
    labels["com.docker.compose.project.working_dir"] = "/shop";
    WriteFileAtomically(folder_.path() / "operator", "open sesame\n");
  }

  // Other cases may have left theirs in this process.
  std::set<pid_t> NewReapers() const {
    std::set<pid_t> reapers = ChildrenOf(::getpid(), "reaper");
    for (const pid_t old : old_reapers_) reapers.erase(old);
    return reapers;
  }

  std::set<pid_t> old_reapers_ = ChildrenOf(::getpid(), "reaper");
  TemporaryFolder folder_{"reaper"};
  FakeEngine fake_{"shop"};
  Engine engine_ = fake_.Connect();
  Compose compose_{{.project = "shop", .command = {"docker", "compose"}, .version = "2.26.1"}};
  ComposeStack stack_{compose_, engine_};
  FaultContext context_{engine_, compose_, stack_,
                        RedisOperator{"redis", 6379, "operator", folder_.path() / "operator"}};
  Journal journal_{folder_.path() / "shop.journal", "shop"};
};

std::set<int> OpenDescriptors() {
  std::set<int> open;
  for (int descriptor = 0; descriptor < 256; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) >= 0) open.insert(descriptor);
  }
  return open;
}

TEST_F(ReaperTest, SettingsAreReadAsTheyWereWritten) {
  WriteReaperSettings(ReaperSettingsFor(context_, journal_.path()));
  const auto file = ReaperSettingsPath(journal_.path());

  const ReaperSettings settings = ReadReaperSettings(file);

  EXPECT_EQ(settings.journal, journal_.path());
  EXPECT_EQ(settings.compose.project, "shop");
  EXPECT_THAT(settings.compose.files, ElementsAre("/shop/a.yaml", "/shop/b.yaml"));
  EXPECT_EQ(settings.compose.folder, "/shop");
  EXPECT_EQ(settings.compose.docker_host, "unix:///played-by-the-test");
  EXPECT_THAT(settings.compose.command, ElementsAre("docker", "compose"));
  ASSERT_TRUE(settings.redis_operator.has_value());
  EXPECT_EQ(settings.redis_operator->user, "operator");
  EXPECT_EQ(settings.redis_operator->port, 6379);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
  EXPECT_THAT(ReadFile(file), Not(HasSubstr("open sesame")));
}

TEST_F(ReaperTest, DamagedSettingsAreReported) {
  WriteFileAtomically(folder_.path() / "settings", "{\"project\": 3");
  EXPECT_THROW(ReadReaperSettings(folder_.path() / "settings"), EnvironmentError);
}

TEST_F(ReaperTest, NoOtherChildOfTheHarnessCanKeepItWaiting) {
  const std::set<int> before = OpenDescriptors();
  EnsureReaper(context_, journal_);
  int made = 0;
  for (const int descriptor : OpenDescriptors()) {
    if (before.contains(descriptor)) continue;
    ++made;
    EXPECT_NE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0) << "descriptor " << descriptor;
  }
  EXPECT_EQ(made, 1);
}

TEST_F(ReaperTest, IsStartedOnceInASessionOfItsOwn) {
  EnsureReaper(context_, journal_);
  EnsureReaper(context_, journal_);
  const std::set<pid_t> reapers = NewReapers();
  ASSERT_THAT(reapers, SizeIs(1));
  EXPECT_EQ(::getsid(*reapers.begin()), *reapers.begin());
}

// In a process of its own, since it is about a process' end.
TEST_F(ReaperTest, EndsWithTheHarnessWhenNothingIsOpen) {
  const auto harness = [this] {
    EnsureReaper(context_, journal_);
    if (ChildrenOf(::getpid(), "reaper").size() != 1) std::exit(1);
    std::exit(0);
  };
  EXPECT_EXIT(harness(), ::testing::ExitedWithCode(0), "");
  EXPECT_EQ(ReadFile(ReaperLogPath(journal_.path())), "") << "it had nothing to do";
}

TEST_F(ReaperTest, OneThatWasKilledIsReplaced) {
  EnsureReaper(context_, journal_);
  const std::set<pid_t> first = NewReapers();
  ASSERT_THAT(first, SizeIs(1));
  ::kill(*first.begin(), SIGKILL);
  Await("another reaper", Within(5s), [&] {
    EnsureReaper(context_, journal_);
    const std::set<pid_t> now = NewReapers();
    return !now.empty() && now != first;
  });
}

}  // namespace
}  // namespace proving_ground
