// ComposeStack with a real engine and a real Compose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/compose/compose_stack.h"
#include "support/engine/testing/sleeper_image.h"

namespace proving_ground {
namespace {

using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr char kModel[] = R"(
services:
  redis:
    image: ${IMAGE}
    ports: ["127.0.0.1::6379"]
    volumes: ["data:/data"]
    healthcheck: {test: ["CMD", "/sleeper", "exit", "0"], interval: 1s}
  worker:
    image: ${IMAGE}
    command: ["${WORKER:-}", "3"]
    deploy: {replicas: 3}
    healthcheck: {test: ["CMD", "/sleeper", "exit", "1"], interval: 30s}
  migration:
    image: ${IMAGE}
    command: ["exit", "0"]
volumes:
  data:
)";

class ComposeStackLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoEngine(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
    image_.emplace();
    WriteFileAtomically(folder_.path() / "compose.yaml", kModel);
    MakeStack({});
  }
  void TearDown() override {
    if (!stack_) return;
    const Residue residue =
        stack_->Down({.volumes = true, .grace = seconds(1)}, Within(seconds(60)));
    ExpectGone(residue);
  }
  // The engine now and then loses track of a network's endpoints and cannot remove it any more;
  // then all that can be asked for is that the residue says so.
  static void ExpectGone(const Residue& residue) {
    EXPECT_TRUE(residue.containers.empty() && residue.volumes.empty()) << ResidueText(residue);
    if (!residue.networks.empty()) {
      EXPECT_THAT(ResidueText(residue), HasSubstr("has active endpoints"));
    }
  }
  void MakeStack(std::map<std::string, std::string> environment) {
    stack_.reset();
    environment["IMAGE"] = image_->name();
    compose_.emplace(ComposeOptions{.files = {folder_.path() / "compose.yaml"},
                                    .project = project_,
                                    .environment = std::move(environment),
                                    .docker_host = engine_->address().url});
    stack_.emplace(*compose_, *engine_);
  }

  TemporaryFolder folder_{"stack"};
  std::string project_ = UniqueTestName("stack");
  std::optional<Engine> engine_;
  std::optional<SleeperImage> image_;
  std::optional<Compose> compose_;
  std::optional<ComposeStack> stack_;
};

TEST_F(ComposeStackLiveTest, ComesUpIsFoundAndGoesWithAllItMade) {
  stack_->Up({.scale = {{"worker", 2}}}, Within(seconds(60)));

  const std::vector<Container> workers = stack_->Containers("worker");
  ASSERT_EQ(workers.size(), 2U);
  EXPECT_EQ(workers[1].number, 2);
  EXPECT_EQ(workers[0].state, ContainerState::kRunning);
  EXPECT_EQ(stack_->Containers("").size(), 4U);
  const Container redis = stack_->Containers("redis").at(0);
  EXPECT_THAT(redis.health, AnyOf(Health::kStarting, Health::kHealthy))
      << "its check passed, whether or not the engine has run it yet";

  const Endpoint endpoint = stack_->Published(redis, 6379);
  EXPECT_EQ(endpoint.host, "127.0.0.1");
  const std::optional<Endpoint> named = compose_->Port("redis", 1, 6379, Within(seconds(20)));
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(endpoint.port, named->port);
  EXPECT_THROW(stack_->Published(redis, 6380), EnvironmentError);

  EXPECT_EQ(compose_->Ps(Within(seconds(20))).size(), 4U);
  EXPECT_EQ(stack_->CaptureLogs(folder_.path() / "logs"), 4);
  EXPECT_THAT(ReadFile(folder_.path() / "logs" / (redis.name + ".log")),
              HasSubstr("Z to output\n"));

  ExpectGone(stack_->Down({.grace = seconds(5)}, Within(seconds(60))));
  EXPECT_EQ(stack_->FindResidue().volumes.size(), 1U) << "data stays unless asked for";
  ExpectGone(stack_->Down({.volumes = true}, Within(seconds(60))));
}

TEST_F(ComposeStackLiveTest, AContainerThatExitsAtStartFailsAtOnceWithItsLog) {
  MakeStack({{"WORKER", "exit"}});
  const Clock::time_point started = Clock::now();
  try {
    stack_->Up({}, Within(seconds(60)));
    FAIL() << "a worker has exited";
  } catch (const DeadlineExceeded& error) {
    FAIL() << "waited to the end: " << error.what();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("-worker-"));
    EXPECT_THAT(error.what(), HasSubstr("exited with code 3"));
    EXPECT_THAT(error.what(), HasSubstr("to error"));
  }
  EXPECT_LT(Clock::now() - started, seconds(30));
}

TEST_F(ComposeStackLiveTest, AMissingImageIsNamedWithoutTryingToPullIt) {
  MakeStack({});
  image_.reset();  // its name stays in the model
  try {
    stack_->Up({}, Within(seconds(60)));
    FAIL() << "there is no image";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pg-test-sleeper"));
    EXPECT_THAT(error.what(), HasSubstr("build or pull the stack's images first"));
  }
}

TEST_F(ComposeStackLiveTest, DownRemovesWhatComposeCannot) {
  stack_->Up({.services = {"redis"}}, Within(seconds(60)));
  WriteFileAtomically(folder_.path() / "compose.yaml", "services: [broken");
  ExpectGone(stack_->Down({.volumes = true, .grace = seconds(1)}, Within(seconds(60))));
}

}  // namespace
}  // namespace proving_ground
