#include "support/faults/downtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/base/errors.h"
#include "support/faults/history_maker_for_test.h"

namespace proving_ground {

bool operator==(const Downtime& a, const Downtime& b) {
  return a.began == b.began && a.ended == b.ended;
}

void PrintTo(const Downtime& downtime, std::ostream* out) {
  const auto text = [](Clock::time_point moment) { return DurationText(moment - At(0)); };
  *out << "[" << text(downtime.began) << ", "
       << (downtime.ended ? text(*downtime.ended) : std::string("…")) << "]";
}

namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kTask = OperationKind::kTask;
constexpr auto kWrite = OperationKind::kWrite;

std::vector<Downtime> All(const HistoryMaker& maker, DowntimeRules rules = {}) {
  return Downtimes(maker.history, kTask, At(0), At(1e6), rules);
}

Downtime Period(double began, double ended) { return {At(began), At(ended)}; }
Downtime Open(double began) { return {At(began), std::nullopt}; }

TEST(DowntimesTest, SteadyServiceHasNone) {
  EXPECT_THAT(All(HistoryMaker().Served(0, 5'000)), IsEmpty());
}

TEST(DowntimesTest, LastsFromTheFirstRefusalToTheFirstOfTheSuccessesThatStay) {
  const auto maker = HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 3'000).Served(3'000, 4'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 3'001)));
}

TEST(DowntimesTest, OneFailureIsAPeriodToo) {
  const auto maker = HistoryMaker().Served(0, 500).Refused(500).Served(510, 1'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(500, 511)));
}

TEST(DowntimesTest, AServiceThatFlapsIsAwayUntilItStays) {
  HistoryMaker maker;
  maker.Served(0, 1'000).RefusedAll(1'000, 1'200);
  for (double moment = 1'200; moment < 5'000; moment += 200) {
    maker.Served(moment, moment + 190).Refused(moment + 190);  // 19 successes in a row
  }
  maker.Served(5'000, 6'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 5'001)));
}

TEST(DowntimesTest, TwentySuccessesEndItAndTheNextFailureBeginsAnother) {
  const auto maker = HistoryMaker().Served(0, 100).Refused(100).Served(110, 310).Refused(310);
  EXPECT_THAT(All(maker), ElementsAre(Period(100, 111), Open(310)));
}

TEST(DowntimesTest, AHistoryThatEndsInTheOutageNeverEndsIt) {
  EXPECT_THAT(All(HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 2'000)),
              ElementsAre(Open(1'000)));
  EXPECT_THAT(All(HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 2'000).Served(2'000, 2'190)),
              ElementsAre(Open(1'000)))
      << "19 successes are no proof";
}

// Everything issued while a service is frozen waits; what the probe gave up on is settled, as
// unknown, long after the service was back.
TEST(DowntimesTest, PatienceThatEndsLongAfterTheOutageDoesNotProlongIt) {
  HistoryMaker maker;
  maker.Served(0, 1'000).HungAll(1'000, 1'500, /*patience=*/5'000);
  maker.Served(1'500, 4'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 1'501)));
}

// Frozen from 1,000 to 3,000, the probe's patience being 1 s: the last of what hangs is answered at
// once when the service thaws, and only what waited no longer than the patience of the rules
// counts.
TEST(DowntimesTest, AThawEndsItWhenItAnswersNotWhenTheOperationWasIssued) {
  HistoryMaker maker;
  maker.Served(0, 1'000).HungAll(1'000, 2'000);
  for (double issued = 2'000; issued < 3'000; issued += 10) maker.Ok(issued, 3'001 - issued);
  maker.Served(3'000, 4'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 3'001)));
}

TEST(DowntimesTest, AnAnswerToWhatWasIssuedBeforeDoesNotEndIt) {
  HistoryMaker maker;
  maker.Served(0, 900).Ok(990, 200).RefusedAll(1'000, 1'500).Served(1'500, 2'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 1'501)));
}

TEST(DowntimesTest, WhatWaitedLongerThanThePatienceWasNotServed) {
  HistoryMaker maker;
  maker.Served(0, 900).Ok(990, 600).RefusedAll(1'000, 1'500).Served(1'500, 2'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(990, 1'501)));
  maker.history.clear();
  EXPECT_THAT(All(maker.Served(0, 1'000, /*latency=*/250)), IsEmpty()) << "exactly the patience";
}

// A packet that was lost and sent again delays the first operation, not the ones after it.
TEST(DowntimesTest, TheFirstAnswerToAnyOfTheSuccessesEndsIt) {
  HistoryMaker maker;
  maker.Served(0, 1'000).RefusedAll(1'000, 1'400).Ok(1'400, 200).Ok(1'410, 1).Served(1'420, 2'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 1'411)));
}

// Twenty answers that all come late, and a refusal issued before the first of them came.
TEST(DowntimesTest, ARefusalIssuedBeforeTheEndReopensThePeriod) {
  HistoryMaker maker;
  maker.Refused(0).Served(10, 210, /*latency=*/240).Refused(210).Served(500, 1'000);
  EXPECT_THAT(All(maker), ElementsAre(Period(0, 501)));
}

TEST(DowntimesTest, AStallShorterThanThePatienceIsNoneButShowsAsGap) {
  HistoryMaker maker;
  maker.Served(0, 1'000);
  for (double issued = 1'000; issued < 1'200; issued += 10) maker.Ok(issued, 1'200 - issued);
  maker.Served(1'200, 2'000);
  EXPECT_THAT(All(maker), IsEmpty());
  EXPECT_EQ(LongestGap(maker.history, kTask, At(500), At(1'500)), milliseconds(209));
}

TEST(DowntimesTest, PeriodsThatReachIntoTheWindowAreWhole) {
  HistoryMaker maker;
  maker.Served(0, 1'000).RefusedAll(1'000, 2'000).Served(2'000, 3'000).RefusedAll(3'000, 4'000);
  maker.Served(4'000, 5'000);
  const auto within = [&](double from, double until) {
    return Downtimes(maker.history, kTask, At(from), At(until), {});
  };
  EXPECT_THAT(within(1'500, 2'500), ElementsAre(Period(1'000, 2'001)));
  EXPECT_THAT(within(2'500, 3'500), ElementsAre(Period(3'000, 4'001)))
      << "its end lies behind the window";
  EXPECT_THAT(within(1'500, 3'500), ElementsAre(Period(1'000, 2'001), Period(3'000, 4'001)));
  EXPECT_THAT(within(2'100, 2'900), IsEmpty());
  EXPECT_THAT(within(2'001, 3'000), ElementsAre(Period(1'000, 2'001), Period(3'000, 4'001)));
}

TEST(DowntimesTest, KindsAreApart) {
  HistoryMaker tasks;
  tasks.Served(0, 1'000);
  HistoryMaker writes(kWrite);
  writes.RefusedAll(0, 500).Served(500, 1'000);
  History both = tasks.history;
  both.insert(both.end(), writes.history.begin(), writes.history.end());
  EXPECT_THAT(Downtimes(both, kTask, At(0), At(1'000), {}), IsEmpty());
  EXPECT_THAT(Downtimes(both, kWrite, At(0), At(1'000), {}), ElementsAre(Period(0, 501)));
}

TEST(DowntimesTest, OrderOfTheHistoryDoesNotMatter) {
  auto maker = HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 3'000).Served(3'000, 4'000);
  std::shuffle(maker.history.begin(), maker.history.end(), std::mt19937(1));
  EXPECT_THAT(All(maker), ElementsAre(Period(1'000, 3'001)));
}

TEST(DowntimesTest, NothingAskedNothingKnown) {
  EXPECT_THAT(All(HistoryMaker()), IsEmpty());
  EXPECT_THROW(All(HistoryMaker(), {.consecutive = 0}), UsageError);
  EXPECT_THROW(All(HistoryMaker(), {.patience = milliseconds(-1)}), UsageError);
}

TEST(TotalTest, SumsAndCountsAnOpenPeriodUpToTheEnd) {
  EXPECT_EQ(Total({}, At(9'000)), milliseconds(0));
  EXPECT_EQ(Total({Period(1'000, 2'000), Period(3'000, 3'500), Open(8'000)}, At(9'000)),
            milliseconds(2'500));
  EXPECT_EQ(Total({Open(8'000)}, At(7'000)), milliseconds(0));
}

TEST(LongestGapTest, ReachesFromAnswerToAnswer) {
  const auto maker = HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 3'000).Served(3'000, 4'000);
  EXPECT_EQ(LongestGap(maker.history, kTask, At(0), At(4'000)), milliseconds(3'001 - 991));
  EXPECT_EQ(LongestGap(maker.history, kTask, At(0), At(990)), milliseconds(10));
}

TEST(LongestGapTest, AWindowWithoutAnAnswerIsAllGap) {
  const auto maker = HistoryMaker().Served(0, 1'000).RefusedAll(1'000, 3'000).Served(3'000, 4'000);
  EXPECT_EQ(LongestGap(maker.history, kTask, At(1'100), At(2'900)), milliseconds(1'800));
  EXPECT_EQ(LongestGap(maker.history, kWrite, At(0), At(4'000)), milliseconds(4'000));
  EXPECT_EQ(LongestGap(maker.history, kTask, At(500), At(2'000)), milliseconds(2'000 - 991));
  EXPECT_EQ(LongestGap(maker.history, kTask, At(2'000), At(3'500)), milliseconds(1'001));
  EXPECT_EQ(LongestGap(maker.history, kTask, At(500), At(400)), milliseconds(0));
}

TEST(LongestFinishGapTest, LooksAtTasksThatFinished) {
  auto maker = HistoryMaker().Served(0, 1'000);
  for (std::size_t i = 0; i < maker.history.size(); ++i) {
    if (i < 20 || i > 79) maker.history[i].finished = maker.history[i].issued + milliseconds(50);
  }
  EXPECT_EQ(LongestFinishGap(maker.history, At(50), At(1'000)), milliseconds(610));
}

TEST(CountOperationsTest, CountsWhatWasIssuedInTheWindow) {
  HistoryMaker maker;
  maker.Served(0, 100).RefusedAll(100, 150).HungAll(150, 180).Served(400, 500);
  maker.history[3].finished = At(60);
  const OperationCounts counts = CountOperations(maker.history, kTask, At(0), At(500));
  EXPECT_EQ(counts.ok, 20);
  EXPECT_EQ(counts.failed, 5);
  EXPECT_EQ(counts.unknown, 3);
  EXPECT_EQ(counts.finished, 1);
  EXPECT_EQ(counts.Issued(), 28);
  EXPECT_EQ(counts.longest_silence, milliseconds(230));
  EXPECT_EQ(CountOperations(maker.history, kTask, At(0), At(100)).Issued(), 10) << "half open";
}

TEST(CountOperationsTest, ASilentProbeIsSeen) {
  EXPECT_EQ(CountOperations({}, kTask, At(0), At(500)).longest_silence, milliseconds(500));
  const auto maker = HistoryMaker().Served(0, 100);
  EXPECT_EQ(CountOperations(maker.history, kTask, At(0), At(500)).longest_silence,
            milliseconds(410));
  EXPECT_EQ(CountOperations(maker.history, kTask, At(500), At(0)).longest_silence, milliseconds(0));
}

// The definition, read literally: for each moment of issue look at all operations anew.
std::vector<Downtime> NaiveDowntimes(const History& history, const DowntimeRules& rules) {
  const auto succeeded = [&](const Operation& operation) {
    return operation.outcome == OperationOutcome::kOk &&
           operation.settled - operation.issued <= rules.patience;
  };
  std::vector<Downtime> downtimes;
  const auto add = [&](const Downtime& downtime) {
    if (!downtimes.empty() && downtime.began <= *downtimes.back().ended) {
      downtimes.back().ended = downtime.ended;
    } else {
      downtimes.push_back(downtime);
    }
  };
  const auto size = static_cast<std::ptrdiff_t>(history.size());
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    if (succeeded(history[i])) continue;
    // Where the first run of successes after i begins.
    std::ptrdiff_t run = i + 1;
    const auto is_run = [&](std::ptrdiff_t at) {
      return std::all_of(history.begin() + at, history.begin() + at + rules.consecutive, succeeded);
    };
    while (run + rules.consecutive <= size && !is_run(run)) ++run;
    if (run + rules.consecutive > size) {
      add({history[i].issued, std::nullopt});
      break;
    }
    const auto first = std::min_element(
        history.begin() + run, history.begin() + run + rules.consecutive,
        [](const Operation& a, const Operation& b) { return a.settled < b.settled; });
    add({history[i].issued, first->settled});
    i = run + rules.consecutive - 1;
  }
  return downtimes;
}

Clock::duration NaiveGap(const History& history, Clock::time_point from, Clock::time_point until) {
  std::vector<Clock::time_point> bounds = {from, until};
  for (const Operation& operation : history) {
    if (operation.outcome == OperationOutcome::kOk && operation.settled >= from &&
        operation.settled <= until) {
      bounds.push_back(operation.settled);
    }
  }
  Clock::duration longest{0};
  for (const Clock::time_point bound : bounds) {
    Clock::time_point next = until;
    for (const Clock::time_point other : bounds) {
      if (other > bound) next = std::min(next, other);
    }
    longest = std::max(longest, next - bound);
  }
  return longest;
}

// Outages of all lengths, stalls, single failures; what comes out of a fault and of bad luck.
HistoryMaker RandomHistory(std::mt19937& random) {
  HistoryMaker maker;
  const auto draw = [&](int below) { return static_cast<int>(random() % below); };
  double now = 0;
  const int phases = draw(12);
  for (int phase = 0; phase < phases; ++phase) {
    const int kind = draw(5);
    for (int count = draw(30); count > 0; --count, now += 1 + draw(15)) {
      if (kind <= 1) maker.Ok(now, draw(40));
      if (kind == 2) maker.Refused(now, draw(3));
      if (kind == 3) maker.Unknown(now, 1'000);
      if (kind == 4) draw(4) == 0 ? maker.Refused(now) : maker.Ok(now, draw(600));
    }
  }
  return maker;
}

class RandomHistoryTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomHistoryTest, AgreesWithTheDefinitions) {
  std::mt19937 random(GetParam());
  for (int round = 0; round < 200; ++round) {
    const HistoryMaker maker = RandomHistory(random);
    const DowntimeRules rules{.consecutive = 1 + static_cast<int>(random() % 25)};
    const std::vector<Downtime> downtimes = All(maker, rules);
    ASSERT_EQ(downtimes, NaiveDowntimes(maker.history, rules)) << "round " << round;
    for (std::size_t i = 0; i < downtimes.size(); ++i) {
      ASSERT_TRUE(!downtimes[i].ended || *downtimes[i].ended >= downtimes[i].began);
      ASSERT_TRUE(downtimes[i].ended || i + 1 == downtimes.size()) << "only the last may be open";
      ASSERT_TRUE(i == 0 || downtimes[i].began > *downtimes[i - 1].ended) << "apart";
    }
    const double from = random() % 1'000;
    const double until = from + random() % 1'000;
    ASSERT_EQ(LongestGap(maker.history, kTask, At(from), At(until)),
              NaiveGap(maker.history, At(from), At(until)));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistoryTest, ::testing::Range(1U, 6U));

}  // namespace
}  // namespace proving_ground
