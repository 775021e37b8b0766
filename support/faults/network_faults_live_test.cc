// Every fault of the network against a real engine: proved from outside, and taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/engine/testing/sleeper_image.h"
#include "support/faults/baseline.h"
#include "support/faults/helper_container.h"
#include "support/faults/network_faults.h"
#include "support/faults/outage.h"
#include "support/faults/testing/small_stack.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const TargetContainer kTarget{"coordinator"};
constexpr int kRedisPort = 6379;

double Milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

class NetworkFaultsLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoEngine(); !why.empty()) GTEST_SKIP() << why;
    image_.emplace();
    SmallStack::Write(folder_.path(), image_->name());
    stack_.emplace(folder_.path(), project_);
    stack_->Up();
    before_.emplace(Baseline::OfStack(stack_->stack()));
    journal_.emplace(stack_->journal(), project_);
  }
  void TearDown() override {
    if (!stack_) return;
    EXPECT_EQ(stack_->Down(), "");
  }

  ContainerDetails Inspect(const std::string& service) {
    return stack_->engine().InspectContainer(stack_->stack().Containers(service).at(0).id);
  }
  std::string backend() const { return project_ + "_backend"; }

  // A client in the network namespace of a service that tries Redis again and again.
  std::unique_ptr<HelperContainer> ClientIn(const std::string& service) {
    const std::string redis = Inspect("redis").networks.at(backend()).address;
    return std::make_unique<HelperContainer>(
        stack_->engine(),
        HelperOptions{.project = project_,
                      .name = UniqueHelperName(project_, "client"),
                      .command = {"fault-helper", "watch", "--for=60s",
                                  "--address=" + redis + ":" + std::to_string(kRedisPort)},
                      .network_of = Inspect(service).id});
  }
  static void AwaitAnswers(HelperContainer& client, bool wanted) {
    const std::string text = wanted ? "[true]" : "[false]";
    Await("Redis to answer: " + text, Within(20s), [&](std::string& seen) {
      const std::vector<std::string> lines = client.Lines();
      seen = lines.empty() ? "nothing" : lines.back();
      return seen.find(text) != std::string::npos;
    });
  }
  static bool AlwaysAnswered(const HelperContainer& client) {
    for (const std::string& line : client.Lines()) {
      if (line.find("[true]") == std::string::npos) return false;
    }
    return true;
  }
  Outage Break(Fault fault) {
    const Clock::time_point began = Clock::now();
    const std::string name = fault.name;
    Outage outage = Inject(stack_->context(), *journal_, std::move(fault));
    const Clock::time_point injected = Clock::now();
    outage.AwaitEffect(Within(20s));
    std::cout << "[ TIMES    ] " << name << ": injected " << Milliseconds(injected - began)
              << " effect " << Milliseconds(Clock::now() - injected) << " ms; " << outage.evidence()
              << '\n';
    return outage;
  }
  void HealAndCompare(Outage& outage) {
    const Clock::time_point began = Clock::now();
    outage.Heal();
    std::cout << "[ TIMES    ] healed " << Milliseconds(Clock::now() - began) << " ms\n";
    EXPECT_TRUE(outage.AwaitRecovery(Within(20s)));
    EXPECT_THAT(before_->Differences({.addresses_may_change = outage.fault().addresses_may_change}),
                IsEmpty());
    EXPECT_EQ(outage.fault().effect(), std::nullopt) << "it still has an effect";
  }
  // What holds for every fault that makes Redis silent for the target, and for nobody else.
  void ExpectCutOffAndHealed(const std::function<Fault()>& make) {
    const Fault twin = make();
    for (int look = 0; look < 3; ++look) EXPECT_EQ(twin.effect(), std::nullopt);

    const auto client = ClientIn("coordinator");
    const auto control = ClientIn("control");
    AwaitAnswers(*client, true);
    AwaitAnswers(*control, true);
    Outage outage = Break(make());
    AwaitAnswers(*client, false);
    HealAndCompare(outage);
    AwaitAnswers(*client, true);
    EXPECT_TRUE(AlwaysAnswered(*control)) << "the fault reached a container it is not about";
  }

  TemporaryFolder folder_{"network-faults"};
  std::string project_ = UniqueTestName("netfaults");
  std::optional<SleeperImage> image_;
  std::optional<SmallStack> stack_;
  std::optional<Baseline> before_;
  std::optional<Journal> journal_;
};

TEST_F(NetworkFaultsLiveTest, DetachTakesTheTargetOffANetworkAndBack) {
  ExpectCutOffAndHealed([&] { return Detach(stack_->context(), kTarget, backend()); });
  EXPECT_THAT(Inspect("coordinator").networks.at(backend()).aliases,
              ::testing::Contains("coordinator"));
  EXPECT_THROW(Detach(stack_->context(), kTarget, "no-such-network"), UsageError);
}

TEST_F(NetworkFaultsLiveTest, PartitionCutsBothWaysAndCountsAttempts) {
  const auto counters = std::make_shared<NetworkCounters>();
  EXPECT_EQ(counters->ConnectionAttemptsPerSecond(), 0);
  ExpectCutOffAndHealed(
      [&] { return Partition(stack_->context(), kTarget, "redis", kRedisPort, counters); });

  // The client tries every 0.3 s, and TCP repeats nothing within that time.
  const auto client = ClientIn("coordinator");
  AwaitAnswers(*client, true);
  Outage outage = Break(Partition(stack_->context(), kTarget, "redis", kRedisPort, counters));
  Await("2 s of counting", Within(20s), [&] { return counters->held_ms >= 2'000; });
  HealAndCompare(outage);
  EXPECT_GE(counters->packets, 5);
  EXPECT_GT(counters->ConnectionAttemptsPerSecond(), 2);
  EXPECT_LT(counters->ConnectionAttemptsPerSecond(), 4);
}

TEST_F(NetworkFaultsLiveTest, DropOneWayLetsTheOtherWayThrough) {
  ExpectCutOffAndHealed(
      [&] { return DropOneWay(stack_->context(), kTarget, "redis", kRedisPort); });

  EXPECT_THROW(Partition(stack_->context(), kTarget, "nobody", kRedisPort), EnvironmentError);
  EXPECT_THROW(Inject(stack_->context(), *journal_,
                      Partition(stack_->context(), {"second"}, "worker", kRedisPort)),
               EnvironmentError)
      << "they share no network";
}

// Nobody is there to take it back, and nobody needs to be.
TEST_F(NetworkFaultsLiveTest, TrafficFlowsAgainAsSoonAsAHelperIsKilled) {
  const auto client = ClientIn("coordinator");
  AwaitAnswers(*client, true);
  Outage outage = Break(Partition(stack_->context(), kTarget, "redis", kRedisPort));
  AwaitAnswers(*client, false);
  const std::string helper = std::get<RemoveHelper>(outage.fault().undo.at(0)).name;
  const Clock::time_point began = Clock::now();
  stack_->engine().Kill(helper, "SIGKILL");
  AwaitAnswers(*client, true);
  std::cout << "[ TIMES    ] flows again " << Milliseconds(Clock::now() - began)
            << " ms after SIGKILL\n";
  EXPECT_EQ(outage.fault().effect(), std::nullopt);
  HealAndCompare(outage);
}

TEST_F(NetworkFaultsLiveTest, LoseDropsAShareOfPackets) {
  const Fault twin = Lose(stack_->context(), kTarget, "redis", 30);
  EXPECT_EQ(twin.effect(), std::nullopt);
  const auto control = ClientIn("control");
  AwaitAnswers(*control, true);
  Outage outage = Break(Lose(stack_->context(), kTarget, "redis", 30));
  EXPECT_THAT(outage.evidence(), HasSubstr("of 1000 datagrams were lost"));
  HealAndCompare(outage);
  EXPECT_TRUE(AlwaysAnswered(*control));
}

TEST_F(NetworkFaultsLiveTest, DelaySaysWhyItIsUnavailable) {
  Fault delay = Delay(stack_->context(), kTarget, "redis", kRedisPort, 100ms);
  EXPECT_EQ(delay.effect(), std::nullopt);
  if (!delay.unavailable.empty()) {
    EXPECT_THAT(delay.unavailable, HasSubstr("the kernel has no netem"));
    EXPECT_THROW(Inject(stack_->context(), *journal_, std::move(delay)), Inconclusive);
    return;
  }
  Outage outage = Break(std::move(delay));
  HealAndCompare(outage);
}

}  // namespace
}  // namespace proving_ground
