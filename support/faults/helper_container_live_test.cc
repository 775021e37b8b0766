// HelperContainer, and the commands of fault-helper in it, with a real engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "support/base/errors.h"
#include "support/engine/testing/sleeper_image.h"
#include "support/faults/helper_container.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string WhyNoHelper() {
  if (std::string why = WhyNoEngine(); !why.empty()) return why;
  try {
    Engine::Connect().InspectImage(std::string(kHelperImage));
    return "";
  } catch (const EngineError& error) {
    return error.what();
  }
}

class HelperContainerLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoHelper(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
  }
  void TearDown() override {
    if (!engine_) return;
    EXPECT_THAT(engine_->ListContainers({{std::string(kHelperLabel), project_}}), IsEmpty());
  }
  HelperOptions Options(const std::vector<std::string>& arguments) const {
    HelperOptions options = {.project = project_, .name = UniqueHelperName(project_, "test")};
    options.command = {"fault-helper"};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    return options;
  }
  static bool IsReady(std::string_view line) {
    return line.find("\"ready\":true") != std::string_view::npos;
  }

  std::string project_ = UniqueTestName("helper");
  std::optional<Engine> engine_;
};

TEST_F(HelperContainerLiveTest, TellsWhatItProvedAndEndsWhenAsked) {
  std::atomic<int> told{0};
  HelperContainer helper(*engine_, Options({"watch", "--address=127.0.0.1:9"}),
                         [&](std::string_view) { ++told; });
  const std::string line = helper.AwaitLine("the helper", Within(10s), IsReady);
  EXPECT_EQ(line, R"({"answers":[true],"ready":true})") << "a refusal is an answer";
  EXPECT_EQ(helper.Stop(Within(10s)), 0);
  EXPECT_THAT(helper.Lines(), ElementsAre(line, R"({"ended":true})"));
  EXPECT_EQ(told, 2);
  EXPECT_EQ(helper.Stop(Within(10s)), 0) << "to stop it twice does no harm";
}

TEST_F(HelperContainerLiveTest, EndsByItselfForGood) {
  HelperContainer helper(*engine_, Options({"hold-address", "--for=300ms"}));
  EXPECT_EQ(helper.AwaitEnd(Within(10s)), 0);
  EXPECT_THAT(helper.Lines(), ElementsAre(R"({"ready":true})", R"({"ended":true})"));
  const ContainerDetails details = engine_->InspectContainer(helper.id());
  EXPECT_EQ(details.state, ContainerState::kExited);
  EXPECT_EQ(details.restart_policy, "no");
}

TEST_F(HelperContainerLiveTest, LosesNoLineOfAShortLife) {
  for (int round = 0; round < 8; ++round) {
    HelperContainer helper(*engine_, Options({"hold-address", "--for=1ms"}));
    EXPECT_EQ(helper.AwaitEnd(Within(10s)), 0);
    EXPECT_EQ(helper.Lines().size(), 2U) << "round " << round;
  }
}

TEST_F(HelperContainerLiveTest, QuotesAHelperThatEndsTooEarly) {
  HelperContainer helper(*engine_, Options({"drop", "--address=127.0.0.1"}));
  try {
    helper.AwaitLine("the proof", Within(10s), IsReady);
    FAIL() << "it cannot get ready";
  } catch (const DeadlineExceeded& error) {
    FAIL() << "waited to the end: " << error.what();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr(helper.name() + " has ended: "));
  }
  EXPECT_EQ(helper.AwaitEnd(Within(10s)), 3);
}

TEST_F(HelperContainerLiveTest, KeepsFilesOutOfWhatTheEngineTells) {
  HelperOptions options = Options({"hold-address"});
  options.files = {{.path = "/run/secrets/token", .content = "very-secret"}};
  HelperContainer helper(*engine_, std::move(options));
  helper.AwaitLine("the helper", Within(10s), IsReady);
  EXPECT_THAT(Docker({"cp", helper.id() + ":/run/secrets/token", "-"}), HasSubstr("very-secret"));
  EXPECT_THAT(Docker({"inspect", helper.id()}), ::testing::Not(HasSubstr("very-secret")));
}

TEST_F(HelperContainerLiveTest, MayDoLittle) {
  HelperOptions options = Options({"hold-address"});
  options.capability = "NET_ADMIN";
  HelperContainer helper(*engine_, std::move(options));
  EXPECT_EQ(Docker({"inspect", "--format",
                    "{{.HostConfig.CapAdd}} {{.HostConfig.CapDrop}} {{.HostConfig.Privileged}} "
                    "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.SecurityOpt}} {{.Mounts}} "
                    "{{.HostConfig.PidsLimit}} {{.HostConfig.Memory}}",
                    helper.id()}),
            "[NET_ADMIN] [ALL] false true [no-new-privileges] [] 32 67108864");
}

TEST_F(HelperContainerLiveTest, CrashesAProcessSoThatItsRestartPolicyHealsIt) {
  const SleeperImage image;
  const std::string target =
      Docker({"run", "--detach", "--restart", "unless-stopped", "--name", project_, image.name()});
  HelperOptions options = Options({"crash"});
  options.processes_of = target;
  options.capability = "SYS_PTRACE";
  HelperContainer helper(*engine_, std::move(options));
  helper.AwaitEnd(Within(10s));  // by itself, or with the target's process namespace
  EXPECT_THAT(helper.Lines(), ElementsAre(R"({"crashed":true})"));
  Await("the restart", Within(10s), [&](std::string& seen) {
    const ContainerDetails now = engine_->InspectContainer(target);
    seen = std::to_string(now.restart_count) + " restarts";
    return now.restart_count == 1 && now.state == ContainerState::kRunning;
  });
  // The engine lists events up to the last full second only.
  Await("the engine to tell of the crash", Within(10s), [&](std::string& seen) {
    seen = Docker({"events", "--since", "60s", "--until", "0s", "--filter", "event=die", "--filter",
                   "container=" + target, "--format", "{{.Actor.Attributes.exitCode}}"});
    return seen == "139";
  });
  engine_->Remove(target, {.force = true});
}

}  // namespace
}  // namespace proving_ground
