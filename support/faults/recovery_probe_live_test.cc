// RecoveryProbe in a container, against a coordinator, a worker and Redis in theirs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/engine/testing/sleeper_image.h"
#include "support/faults/downtime.h"
#include "support/faults/helper_container.h"
#include "support/faults/recovery_probe.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Ne;
using ::testing::SizeIs;

constexpr char kTestLabel[] = "pg-test.recovery-probe";

std::string WhyNoStack() {
  if (std::string why = WhyNoEngine(); !why.empty()) return why;
  try {
    const Engine engine = Engine::Connect();
    for (const char* name : {"coordinator", "helper", "redis", "worker"}) {
      engine.InspectImage("proving-ground/" + std::string(name) + ":0.1.0");
    }
    return "";
  } catch (const EngineError& error) {
    return error.what();
  }
}

class RecoveryProbeLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoStack(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
    WriteFileAtomically(folder_.path() / "token", "none\n", 0644);
    Docker({"network", "create", "--internal", "--label", Label(), project_});
    Run("redis", {"--entrypoint=redis-server"}, {"--bind", "*", "--protected-mode", "no"});
    coordinator_ = Run("coordinator", {}, {"--team=probed"});
    Run("worker",
        {"--tmpfs=/tmp", "--volume=" + (folder_.path() / "token").string() + ":/run/token:ro"},
        {"--team=probed", "--coordinator=http://coordinator:8080",
         "--gateway=http://gateway:8080/mcp", "--token-file=/run/token"});
  }
  void TearDown() override {
    if (!engine_) return;
    EXPECT_THAT(engine_->ListContainers({{std::string(kHelperLabel), project_}}), IsEmpty());
    for (const ContainerSummary& container : engine_->ListContainers({{kTestLabel, project_}})) {
      engine_->Remove(container.id, {.force = true, .anonymous_volumes = true});
    }
    for (const Network& network : engine_->ListNetworks({{kTestLabel, project_}})) {
      engine_->RemoveNetwork(network.id);
    }
  }

  std::string Label() const { return std::string(kTestLabel) + "=" + project_; }
  std::string Run(const std::string& service, const std::vector<std::string>& options,
                  const std::vector<std::string>& command) {
    std::vector<std::string> arguments = {"run",       "--detach", "--label",         Label(),
                                          "--network", project_,   "--network-alias", service};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back("proving-ground/" + service + ":0.1.0");
    arguments.insert(arguments.end(), command.begin(), command.end());
    return Docker(arguments);
  }
  ProbeOptions Options() const {
    ProbeOptions options;
    options.project = project_;
    options.network = project_;
    options.coordinator = "coordinator:8080";
    options.id_prefix = project_;
    options.steps = {{{"think_ms", 1}}};
    options.every = 20ms;  // what one worker can do
    return options;
  }

  const std::string project_ = UniqueTestName("probe");
  const TemporaryFolder folder_{"recovery-probe"};
  std::optional<Engine> engine_;
  std::string coordinator_;
};

TEST_F(RecoveryProbeLiveTest, FeelsARestartAndTheReturnOfService) {
  RecoveryProbe probe(*engine_, Options());
  probe.AwaitSuccesses(20, Within(30s));
  EXPECT_TRUE(probe.Served(20, {}));

  const Clock::time_point broken = Clock::now();
  engine_->Kill(coordinator_, "SIGKILL");
  EXPECT_THROW(probe.AwaitSuccesses(20, Within(1500ms)), DeadlineExceeded);
  engine_->Start(coordinator_);
  probe.AwaitSuccesses(30, Within(30s));
  const ProbeLog log = probe.Finish(Within(20s));

  const auto downtimes =
      Downtimes(log.history, OperationKind::kTask, broken, Clock::now(), DowntimeRules{});
  ASSERT_THAT(downtimes, SizeIs(1));
  EXPECT_GT(Total(downtimes, Clock::now()), 1s);
  EXPECT_TRUE(downtimes[0].ended.has_value());
  for (const Operation& operation : log.history) {
    if (operation.outcome != OperationOutcome::kOk) continue;
    EXPECT_TRUE(operation.finished.has_value()) << operation.id;
    EXPECT_THAT(operation.worker, Not(IsEmpty()));
  }
  EXPECT_GT(log.health.worst_lag, 0us);
}

TEST_F(RecoveryProbeLiveTest, FollowsACoordinatorToAnotherAddress) {
  const auto address = [&] {
    return engine_->InspectContainer(coordinator_).networks.at(project_).address;
  };
  const std::string before = address();
  RecoveryProbe probe(*engine_, Options());
  probe.AwaitSuccesses(20, Within(30s));
  engine_->Kill(coordinator_, "SIGKILL");
  // Somebody else moves into the address that is free now.
  Docker({"run", "--detach", "--label", Label(), "--network", project_, "--entrypoint=redis-server",
          "proving-ground/redis:0.1.0"});
  engine_->Start(coordinator_);
  ASSERT_NE(address(), before);
  probe.AwaitSuccesses(20, Within(30s));
  const ProbeLog log = probe.Finish(Within(20s));
  EXPECT_EQ(log.history.back().outcome, OperationOutcome::kOk);
}

TEST_F(RecoveryProbeLiveTest, WhatHangsInAFrozenCoordinatorIsUnknown) {
  RecoveryProbe probe(*engine_, Options());
  probe.AwaitSuccesses(20, Within(30s));
  engine_->Pause(coordinator_);
  const Clock::time_point frozen = Clock::now();
  PauseUntil(frozen + 2s);
  EXPECT_FALSE(probe.Served(1, frozen + 100ms)) << "what hangs is not served";
  engine_->Unpause(coordinator_);
  const Clock::time_point thawed = Clock::now();
  probe.AwaitSuccesses(20, Within(30s));
  const ProbeLog log = probe.Finish(Within(20s));

  int during = 0;
  for (const Operation& operation : log.history) {
    if (operation.issued < frozen || operation.issued > thawed - 1100ms) continue;
    ++during;
    EXPECT_EQ(operation.outcome, OperationOutcome::kUnknown) << operation.id << operation.reason;
  }
  EXPECT_GT(during, 20);
}

TEST_F(RecoveryProbeLiveTest, ALifeThatWasTooShortIsReported) {
  ProbeOptions options = Options();
  options.patience = 200ms;
  options.drain = 200ms;
  options.longest_life = 1s;
  RecoveryProbe probe(*engine_, options);
  try {
    probe.AwaitSuccesses(1'000, Within(20s));
    FAIL() << "so many do not fit into a second";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has ended"));
  }
  EXPECT_THROW(probe.Finish(Within(10s)), EnvironmentError);
}

}  // namespace
}  // namespace proving_ground
