#include "support/faults/outage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "support/base/files.h"
#include "support/base/interrupt.h"
#include "support/compose/compose_stack.h"
#include "support/faults/testing/fake_engine.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class OutageTest : public ::testing::Test {
 protected:
  // A fault that stops redis, and its effect.
  Fault StopRedis() {
    Fault fault;
    fault.name = "stop";
    fault.target = "redis";
    fault.services = {"redis"};
    fault.undo = {StartContainer{{"redis"}}};
    fault.inject = [this] { engine_.Kill(id_, "SIGKILL"); };
    fault.effect = [this]() -> std::optional<std::string> {
      if (engine_.InspectContainer(id_).state != ContainerState::kExited) return std::nullopt;
      return "redis is down";
    };
    return fault;
  }
  // The same, which the stack must heal itself.
  Fault CrashRedis() {
    Fault fault = StopRedis();
    fault.rescue = std::move(fault.undo);
    fault.undo.clear();
    return fault;
  }
  ContainerState State() const { return engine_.InspectContainer(id_).state; }
  Outage Break(Fault fault) { return Inject(context_, journal_, std::move(fault)); }
  std::string WhyInconclusive(const std::function<void()>& act) {
    try {
      act();
    } catch (const Inconclusive& error) {
      EXPECT_EQ(ExitStatus(error), static_cast<int>(ExitCode::kInconclusive));
      return error.what();
    }
    return "it was conclusive";
  }
  void ExpectMended() {
    EXPECT_EQ(State(), ContainerState::kRunning);
    EXPECT_THAT(journal_.OpenFaults(), IsEmpty());
  }

  FakeEngine fake_{"shop"};
  std::string id_ = fake_.Add("redis");
  Engine engine_ = fake_.Connect();
  Compose compose_{{.project = "shop", .command = {"/bin/false"}, .version = "2.26.1"}};
  ComposeStack stack_{compose_, engine_};
  FaultContext context_{engine_, compose_, stack_, std::nullopt};
  TemporaryFolder folder_{"outage"};
  Journal journal_{folder_.path() / "shop.journal", "shop"};
};

TEST_F(OutageTest, IsProvedHealedAndRecovered) {
  Outage outage = Break(StopRedis());
  EXPECT_FALSE(outage.times().effect.has_value());
  outage.AwaitEffect(Within(1s));
  EXPECT_EQ(outage.evidence(), "redis is down");
  EXPECT_THAT(journal_.OpenFaults(), SizeIs(1));

  outage.Heal();
  ExpectMended();
  EXPECT_TRUE(outage.AwaitRecovery(Within(1s)));

  const OutageTimes& times = outage.times();
  EXPECT_LE(*times.injected, *times.effect);
  EXPECT_LE(*times.effect, *times.healed);
  EXPECT_LE(*times.healed, *times.recovered);
  outage.Heal();
  EXPECT_THAT(fake_.changes(), SizeIs(2)) << "healed once";
}

TEST_F(OutageTest, IntentAndUndoAreOnDiskBeforeAnythingIsInjected) {
  Fault fault = StopRedis();
  std::string on_disk;
  fault.rescue = {UnpauseContainer{{"redis"}}};
  fault.inject = [&] { on_disk = ReadFile(journal_.path()); };
  const Outage outage = Break(std::move(fault));
  EXPECT_THAT(on_disk, HasSubstr("start"));
  EXPECT_THAT(on_disk, HasSubstr("unpause"));
}

TEST_F(OutageTest, WhatIsUnavailableIsNotInjected) {
  Fault fault = StopRedis();
  fault.unavailable = "the kernel has no netem";
  EXPECT_THAT(WhyInconclusive([&] { const Outage outage = Break(std::move(fault)); }),
              HasSubstr("stop of redis cannot be tried here: the kernel has no netem"));
  EXPECT_THAT(fake_.changes(), IsEmpty());
}

TEST_F(OutageTest, ARefusedInjectionIsUndone) {
  Fault fault = StopRedis();
  fault.inject = [this] {
    engine_.Kill(id_, "SIGKILL");
    throw EngineError(500, "the engine refuses", "ask it");
  };
  EXPECT_THAT(WhyInconclusive([&] { const Outage outage = Break(std::move(fault)); }),
              HasSubstr("could not be injected: the engine refuses"));
  ExpectMended();
}

TEST_F(OutageTest, AFaultThatDoesNotTakeIsInconclusiveAndUndone) {
  Fault fault = StopRedis();
  fault.inject = [this] { engine_.Pause(id_); };
  fault.undo = {UnpauseContainer{{"redis"}}};
  Outage outage = Break(std::move(fault));
  EXPECT_THAT(WhyInconclusive([&] { outage.AwaitEffect(Within(50ms)); }),
              AllOf(HasSubstr("stop of redis took no effect: gave up waiting"),
                    HasSubstr("now shop-redis-1: is paused, was running")));
  ExpectMended();
}

TEST_F(OutageTest, ATargetThatVanishesIsInconclusive) {
  Fault fault = StopRedis();
  fake_.Add("gateway");
  Outage outage = Break(std::move(fault));
  fake_.Remove(id_);
  EXPECT_THAT(WhyInconclusive([&] { outage.AwaitEffect(Within(1s)); }),
              AllOf(HasSubstr("No such container"), HasSubstr("shop-redis-1: does not exist"),
                    HasSubstr("could not be taken back")));
  EXPECT_THAT(journal_.OpenFaults(), SizeIs(1)) << "the next run must know";
}

TEST_F(OutageTest, AnEngineThatRestartsIsInconclusiveAndUndone) {
  Outage outage = Break(StopRedis());
  int away = 6;
  fake_.before_each = [&](const Request&) {
    if (away-- > 0) throw TransportError("no engine answers", "start it");
  };
  EXPECT_THAT(WhyInconclusive([&] { outage.AwaitEffect(Within(1s)); }),
              HasSubstr("no engine answers"));
  ExpectMended();
}

TEST_F(OutageTest, LeavingTheScopeHeals) {
  { const Outage outage = Break(StopRedis()); }
  ExpectMended();
}

TEST_F(OutageTest, LeavingTheScopeRescues) {
  {
    Outage outage = Break(CrashRedis());
    outage.Heal();
    EXPECT_FALSE(outage.AwaitRecovery(Within(50ms)));
    EXPECT_THAT(outage.differences(), ElementsAre("shop-redis-1: is exited, was running"));
    EXPECT_FALSE(outage.times().recovered.has_value());
    EXPECT_THAT(journal_.OpenFaults(), SizeIs(1)) << "still to be rescued";
  }
  ExpectMended();
}

TEST_F(OutageTest, AStackThatHealedItselfIsNotRescued) {
  {
    Outage outage = Break(CrashRedis());
    outage.AwaitEffect(Within(1s));
    fake_.Inspect(id_)["State"]["Status"] = "running";
    EXPECT_TRUE(outage.AwaitRecovery(Within(1s)));
  }
  EXPECT_THAT(fake_.changes(), ElementsAre("kill " + id_));
  ExpectMended();
}

TEST_F(OutageTest, DoesNotWaitForARecoveryThatCannotCome) {
  Fault fault = CrashRedis();
  fault.hopeless = [] { return std::optional<std::string>("redis has no restart policy"); };
  Outage outage = Break(std::move(fault));
  outage.AwaitEffect(Within(1s));
  const Clock::time_point asked = Clock::now();
  EXPECT_FALSE(outage.AwaitRecovery(Within(10s)));
  EXPECT_LT(Clock::now() - asked, 5s);
  EXPECT_THAT(outage.differences(), Contains("redis has no restart policy"));
  EXPECT_EQ(State(), ContainerState::kExited) << "rescued before the verdict";
}

TEST_F(OutageTest, WaitsUntilItIsOver) {
  Fault fault = StopRedis();
  int looks = 0;
  fault.over = [&](std::string& seen) {
    seen = "keys are missing";
    return ++looks > 3;
  };
  Outage outage = Break(std::move(fault));
  EXPECT_FALSE(outage.AwaitRecovery(Within(0s)));
  EXPECT_THAT(outage.differences(), ElementsAre("keys are missing"));
  EXPECT_TRUE(outage.AwaitRecovery(Within(5s)));
}

TEST_F(OutageTest, AFailedHealStaysInTheJournalAndIsTriedAgain) {
  {
    Outage outage = Break(StopRedis());
    fake_.before_each = [](const Request& request) {
      if (request.target.ends_with("/start")) throw EngineError(500, "no", "wait");
    };
    EXPECT_THROW(outage.Heal(), EnvironmentError);
    EXPECT_FALSE(outage.times().healed.has_value());
    EXPECT_THAT(journal_.OpenFaults(), SizeIs(1));
    fake_.before_each = nullptr;
  }
  ExpectMended();
}

TEST_F(OutageTest, TroubleWhileLeavingTheScopeIsToldNotThrown) {
  testing::internal::CaptureStderr();
  {
    const Outage outage = Break(StopRedis());
    fake_.before_each = [](const Request&) { throw EngineError(500, "no", "wait"); };
  }
  fake_.before_each = nullptr;
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("stop of redis is still open: a fault could not be taken back: start"));
  EXPECT_THAT(journal_.OpenFaults(), SizeIs(1));
}

TEST_F(OutageTest, TwoFaultsAreTakenBackInReverseOrder) {
  const std::string gateway = fake_.Add("gateway");
  {
    const Outage first = Break(StopRedis());
    Fault fault = StopRedis();
    fault.services = {"gateway"};
    fault.undo = {UnpauseContainer{{"gateway"}}};
    fault.inject = [&] { engine_.Pause(gateway); };
    const Outage second = Break(std::move(fault));
    EXPECT_THAT(journal_.OpenFaults(), SizeIs(2));
  }
  EXPECT_THAT(fake_.changes(),
              ElementsAre("kill " + id_, "pause " + gateway, "unpause " + gateway, "start " + id_));
  ExpectMended();
}

TEST_F(OutageTest, MayBeMoved) {
  Outage outage = Break(StopRedis());
  {
    const Outage moved = std::move(outage);
    EXPECT_EQ(moved.fault().name, "stop");
  }
  ExpectMended();
}

// In a process of its own: the signal is remembered to its end.
TEST_F(OutageTest, AnInterruptedRunIsHealed) {
  const auto interrupted_run = [this] {
    InstallInterruptHandlers();
    try {
      Fault fault = StopRedis();
      fault.effect = [] { return std::nullopt; };
      Outage outage = Break(std::move(fault));
      ::raise(SIGINT);
      outage.AwaitEffect(Within(10s));
    } catch (const Interrupted&) {
    }
    std::exit(State() == ContainerState::kRunning && journal_.OpenFaults().empty() ? 0 : 1);
  };
  EXPECT_EXIT(interrupted_run(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace proving_ground
