// Engine against a real container engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "support/base/poll.h"
#include "support/engine/engine.h"
#include "support/engine/testing/sleeper_image.h"

namespace proving_ground {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr char kRunLabel[] = "pg-test.run";

class EngineLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoEngine(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
    image_.emplace();
  }
  void TearDown() override {
    if (!engine_) return;
    for (const ContainerSummary& container : engine_->ListContainers({{kRunLabel, run_}})) {
      engine_->Remove(container.id, {.force = true});
    }
    for (const Network& network : engine_->ListNetworks({{kRunLabel, run_}})) {
      engine_->RemoveNetwork(network.id);
    }
  }

  // Starts a container and returns its id.
  std::string Run(const std::vector<std::string>& options = {},
                  const std::vector<std::string>& command = {}) {
    std::vector<std::string> arguments = {"run", "--detach", "--label",
                                          std::string(kRunLabel) + "=" + run_};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(image_->name());
    arguments.insert(arguments.end(), command.begin(), command.end());
    return Docker(arguments);
  }
  void AwaitState(const std::string& id, ContainerState wanted) {
    Await("container to be " + std::string(StateName(wanted)), Within(seconds(20)),
          [&](std::string& seen) {
            const ContainerState state = engine_->InspectContainer(id).state;
            seen = StateName(state);
            return state == wanted;
          });
  }

  std::string run_ = UniqueTestName("engine");
  std::optional<Engine> engine_;
  std::optional<SleeperImage> image_;
};

TEST_F(EngineLiveTest, DescribesItself) {
  const EngineInfo info = engine_->Info();
  EXPECT_FALSE(info.server_version.empty());
  EXPECT_GE(info.cpus, 1);
  EXPECT_GT(info.memory, 0);
  EXPECT_EQ(engine_->InspectImage(image_->name()).tags, std::vector{image_->name()});
}

TEST_F(EngineLiveTest, AMissingImageIsRefusedByName) {
  try {
    engine_->InspectImage("pg-test-no-such-image:9");
    FAIL() << "there is no such image";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.status(), 404);
    EXPECT_THAT(error.what(), HasSubstr("pg-test-no-such-image:9"));
    EXPECT_THAT(error.what(), HasSubstr("build the stack's images"));
  }
}

TEST_F(EngineLiveTest, WalksAContainerThroughItsStates) {
  const std::string id = Run({"--memory", "64m", "--restart", "unless-stopped"});
  const ContainerDetails before = engine_->InspectContainer(id);
  EXPECT_EQ(before.state, ContainerState::kRunning);
  EXPECT_EQ(before.memory_limit, 64 << 20);
  EXPECT_EQ(before.restart_policy, "unless-stopped");

  engine_->Pause(id);
  EXPECT_NO_THROW(engine_->Pause(id));
  EXPECT_EQ(engine_->InspectContainer(id).state, ContainerState::kPaused);
  engine_->Unpause(id);
  EXPECT_NO_THROW(engine_->Unpause(id));
  engine_->Restart(id, seconds(5));
  EXPECT_GT(engine_->InspectContainer(id).started_at, before.started_at);
  engine_->Kill(id, "SIGKILL");
  AwaitState(id, ContainerState::kExited);
  EXPECT_EQ(engine_->InspectContainer(id).exit_code, 137);
  EXPECT_FALSE(engine_->Usage(id).has_value());
  engine_->Start(id);
  EXPECT_NO_THROW(engine_->Start(id));
  engine_->Stop(id, seconds(5));
  EXPECT_EQ(engine_->InspectContainer(id).exit_code, 0) << "SIGTERM must reach it";
  engine_->Remove(id, {.force = true});
  EXPECT_NO_THROW(engine_->Remove(id, {}));
  EXPECT_THROW(engine_->InspectContainer(id), EngineError);
}

TEST_F(EngineLiveTest, SeparatesWhatAContainerWrote) {
  const std::string id = Run({}, {"exit", "3"});
  AwaitState(id, ContainerState::kExited);
  const Output all = engine_->Logs(id);
  EXPECT_EQ(all.standard_output, "to output\n");
  EXPECT_EQ(all.standard_error, "to error\n");
  const Output last = engine_->Logs(id, {.tail = 1, .timestamps = true});
  EXPECT_THAT(last.standard_output + last.standard_error,
              ::testing::MatchesRegex("20..-.*Z to .*\n"));
}

TEST_F(EngineLiveTest, RunsCommandsInAContainer) {
  const std::string id = Run();
  const ExecResult result = engine_->Exec(id, {"/sleeper", "exit", "42"});
  EXPECT_EQ(result.exit_code, 42);
  EXPECT_EQ(result.output.standard_output, "to output\n");
  EXPECT_EQ(result.output.standard_error, "to error\n");
  EXPECT_THROW(engine_->Exec(id, {"/sleeper"}, {.timeout = std::chrono::milliseconds(300)}),
               EnvironmentError);
}

TEST_F(EngineLiveTest, MeasuresARunningContainer) {
  const std::string id = Run({"--memory", "64m"});
  const std::optional<ResourceUsage> usage = engine_->Usage(id);
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->memory_limit, 64 << 20);
  EXPECT_GT(usage->memory_usage, 0);
  EXPECT_LT(usage->WorkingSet(), 16 << 20);
  EXPECT_EQ(usage->pids, 1);
  EXPECT_GT(usage->cpu_ns, 0);
}

// Engine 20.10 answers once a second: asked one after the other, these would take nine seconds.
TEST_F(EngineLiveTest, MeasuresManyContainersInOneRound) {
  const std::string first = Run();
  const std::string second = Run();
  const Clock::time_point started = Clock::now();
  const std::vector<std::optional<ResourceUsage>> usages = engine_->Usages(
      {first, second, "pg-test-gone", first, second, first, second, first, second, first});
  EXPECT_LT(Clock::now() - started, seconds(4));
  ASSERT_EQ(usages.size(), 10U);
  EXPECT_TRUE(usages[0] && usages[1] && usages[9]);
  EXPECT_FALSE(usages[2].has_value());
}

TEST_F(EngineLiveTest, ReconnectsAContainerAsItWas) {
  const std::string network = Docker(
      {"network", "create", "--internal", "--label", std::string(kRunLabel) + "=" + run_, run_});
  const std::string id = Run({"--network", run_, "--network-alias", "marketing"});
  const NetworkAttachment before = engine_->InspectContainer(id).networks.at(run_);
  EXPECT_THAT(before.aliases, ::testing::Contains("marketing"));
  ASSERT_EQ(engine_->InspectNetwork(network).members.size(), 1U);

  engine_->DisconnectNetwork(network, id, /*force=*/false);
  EXPECT_TRUE(engine_->InspectNetwork(network).members.empty());
  EXPECT_NO_THROW(engine_->DisconnectNetwork(network, id, /*force=*/false));
  engine_->ConnectNetwork(network, id, before);

  const NetworkAttachment after = engine_->InspectContainer(id).networks.at(run_);
  EXPECT_EQ(after.network_id, before.network_id);
  EXPECT_THAT(after.aliases, ::testing::UnorderedElementsAreArray(before.aliases));
}

TEST_F(EngineLiveTest, MakesAContainerOfItsOwn) {
  const std::string id = engine_->Create({.image = image_->name(),
                                          .name = run_,
                                          .command = {"exit", "5"},
                                          .labels = {{kRunLabel, run_}},
                                          .read_only = false});
  engine_->PutFiles(id, {{.path = "/run/secrets/token", .content = std::string("a\0b", 3)}});
  engine_->Start(id);
  EXPECT_EQ(engine_->AwaitExit(id, Within(seconds(20))), 5);
  const ContainerDetails details = engine_->InspectContainer(id);
  EXPECT_EQ(details.name, run_);
  EXPECT_EQ(details.restart_policy, "no");
  EXPECT_EQ(details.memory_limit, 64 << 20);
  EXPECT_EQ(details.networks.count("none"), 1U);

  EXPECT_THAT(Docker({"cp", id + ":/run/secrets/token", "-"}), HasSubstr("token"));
  EXPECT_EQ(
      Docker({"inspect", "--format", "{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}", id}),
      "[ALL] [no-new-privileges]");
}

TEST_F(EngineLiveTest, SharesTheNetworkOfAnotherContainer) {
  const std::string target = Run();
  const std::string id = engine_->Create({.image = image_->name(),
                                          .name = run_,
                                          .labels = {{kRunLabel, run_}},
                                          .network_of = target,
                                          .processes_of = target,
                                          .capability = "NET_ADMIN"});
  engine_->Start(id);
  EXPECT_EQ(Docker({"inspect", "--format",
                    "{{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.CapAdd}} "
                    "{{.HostConfig.ReadonlyRootfs}}",
                    id}),
            "container:" + target + " container:" + target + " [NET_ADMIN] true");
  EXPECT_THROW(engine_->AwaitExit(id, Within(std::chrono::milliseconds(200))), DeadlineExceeded);
}

TEST_F(EngineLiveTest, FollowsWhatAContainerWritesUntilItEnds) {
  const std::string id = Run();
  std::mutex mutex;
  std::vector<std::string> lines;
  std::jthread follower([&](const std::stop_token& stop) {
    engine_->FollowLogs(
        id,
        [&](OutputStream, std::string_view line) {
          const std::lock_guard lock(mutex);
          lines.emplace_back(line);
        },
        stop);
  });
  Await("both lines", Within(seconds(10)), [&](std::string& seen) {
    const std::lock_guard lock(mutex);
    seen = std::to_string(lines.size()) + " lines";
    return lines.size() == 2;
  });
  const Clock::time_point asked = Clock::now();
  follower.request_stop();
  follower.join();
  EXPECT_LT(Clock::now() - asked, seconds(1)) << "a stop must not wait for the next line";

  follower = std::jthread([&] { engine_->FollowLogs(id, [](OutputStream, std::string_view) {}); });
  engine_->Stop(id, seconds(5));
  follower.join();  // ends with the container
}

TEST_F(EngineLiveTest, ReportsEventsUntilStopped) {
  std::mutex mutex;
  std::vector<std::string> actions;
  const SystemTime since = std::chrono::system_clock::now();
  std::jthread watcher([&](const std::stop_token& stop) {
    engine_->WatchEvents(
        {.labels = {{kRunLabel, run_}}, .since = since},
        [&](const Event& event) {
          const std::lock_guard lock(mutex);
          actions.push_back(event.action);
        },
        stop);
  });
  Run({}, {"exit", "3"});
  Await("the event of its end", Within(seconds(20)), [&](std::string& seen) {
    const std::lock_guard lock(mutex);
    seen = std::to_string(actions.size()) + " events";
    return std::find(actions.begin(), actions.end(), "die") != actions.end();
  });
  const Clock::time_point asked = Clock::now();
  watcher.request_stop();
  watcher.join();
  EXPECT_LT(Clock::now() - asked, seconds(1)) << "a stop must not wait for the next event";
}

TEST_F(EngineLiveTest, ServesManyThreadsAtOnce) {
  const std::string id = Run();
  std::atomic<int> answers{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&] {
        for (int call = 0; call < 25; ++call) {
          if (engine_->InspectContainer(id).id == id) ++answers;
        }
      });
    }
  }
  EXPECT_EQ(answers, 200);
}

}  // namespace
}  // namespace proving_ground
