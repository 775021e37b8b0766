#include "support/faults/probe/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using Addresses = std::vector<std::string>;

// A name server that says what the test wants.
class Names {
 public:
  explicit Names(Addresses addresses) : addresses_(std::move(addresses)) {}
  MakeLookup make_lookup() {
    return [this](const std::string& host) {
      EXPECT_EQ(host, "coordinator");
      return [this] {
        const std::lock_guard lock(mutex_);
        ++asked_;
        return addresses_;
      };
    };
  }
  void Say(Addresses addresses) {
    const std::lock_guard lock(mutex_);
    addresses_ = std::move(addresses);
  }
  int asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  Addresses addresses_;
  int asked_ = 0;
};

void AwaitChoice(Target& target, const std::optional<std::string>& address) {
  Await("that address", Within(seconds(5)), [&] { return target.Choose() == address; },
        {milliseconds(1), milliseconds(1)});
}

TEST(TargetTest, FollowsTheName) {
  Names names(Addresses{"10.0.0.1"});
  Target target({"coordinator", 8080}, names.make_lookup());
  AwaitChoice(target, "10.0.0.1");
  target.Report("10.0.0.1", Clock::now(), true);
  names.Say(Addresses{"10.0.0.2"});
  AwaitChoice(target, "10.0.0.2");
}

TEST(TargetTest, HasNoAddressBeforeTheFirstAnswer) {
  Names names(Addresses{});
  Target target({"coordinator", 8080}, names.make_lookup());
  EXPECT_EQ(target.Choose(), std::nullopt);
}

TEST(TargetTest, KeepsWhatItKnewWhileNothingIsLearned) {
  Names names(Addresses{"10.0.0.1"});
  Target target({"coordinator", 8080}, names.make_lookup());
  AwaitChoice(target, "10.0.0.1");
  names.Say(Addresses{});
  const int before = names.asked();
  Await("more lookups", Within(seconds(5)), [&] { return names.asked() > before + 2; });
  EXPECT_EQ(target.Choose(), "10.0.0.1");
}

TEST(TargetTest, LooksMoreOftenWhileThereIsTrouble) {
  Names names(Addresses{"10.0.0.1"});
  Target target({"coordinator", 8080}, names.make_lookup());
  AwaitChoice(target, "10.0.0.1");
  const auto lookups_within = [&](milliseconds time) {
    const int before = names.asked();
    PauseUntil(Clock::now() + time);
    return names.asked() - before;
  };
  target.Report("10.0.0.1", Clock::now(), true);
  PauseUntil(Clock::now() + milliseconds(20));
  EXPECT_LE(lookups_within(milliseconds(300)), 4);
  target.Report("10.0.0.1", Clock::now(), false);
  EXPECT_GE(lookups_within(milliseconds(1'000)), 20);
}

TEST(TargetTest, StaysWithAnAddressThatServes) {
  Names names(Addresses{"10.0.0.1", "10.0.0.2", "10.0.0.3"});
  Target target({"coordinator", 8080}, names.make_lookup());
  AwaitChoice(target, "10.0.0.1");
  target.Report("10.0.0.2", Clock::now(), true);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(target.Choose(), "10.0.0.2");
}

TEST(TargetTest, TriesEachInTurnWhileNoneServes) {
  Names names(Addresses{"10.0.0.1", "10.0.0.2"});
  Target target({"coordinator", 8080}, names.make_lookup());
  AwaitChoice(target, "10.0.0.1");
  target.Report("10.0.0.1", Clock::now(), true);
  const Clock::time_point before = Clock::now();
  target.Report("10.0.0.1", Clock::now(), true);
  target.Report("10.0.0.1", before, false);
  EXPECT_EQ(target.Choose(), "10.0.0.1") << "that was sent before the last good answer";
  target.Report("10.0.0.2", Clock::now(), false);
  EXPECT_EQ(target.Choose(), "10.0.0.1") << "that was the other";
  target.Report("10.0.0.1", Clock::now(), false);
  const Addresses tried = {*target.Choose(), *target.Choose(), *target.Choose()};
  EXPECT_THAT(Addresses({tried[0], tried[1]}),
              ::testing::UnorderedElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_EQ(tried[2], tried[0]);
}

TEST(TargetTest, RoutesLeadToTheAddress) {
  Names names(Addresses{});
  const Target target({"coordinator", 8080}, names.make_lookup());
  EXPECT_EQ(target.origin(), "http://coordinator:8080");
  EXPECT_EQ(target.Route("10.0.0.1"), "coordinator:8080:10.0.0.1:8080");
  EXPECT_EQ(target.Route("fd00::1"), "coordinator:8080:[fd00::1]:8080");
}

}  // namespace
}  // namespace proving_ground
