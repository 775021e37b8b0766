#include "support/load/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() {
    Task task;
    task.id = "t1";
    task.team = "sales";
    task.arrival = 1000ms;
    task.gaps = {300ms, 100ms, 100ms};
    ledger_.Open(start_, {task});
  }
  void Submit(SubmitOutcome outcome) {
    ledger_.Submitted("t1", start_ + 1010ms, start_ + 1015ms, {outcome, ""});
  }
  void Event(EventType type, std::chrono::milliseconds seen, std::int64_t at_ms = 0,
             int attempt = 1) {
    ledger_.Record({type, "t1", "w1", attempt, at_ms}, start_ + seen);
  }
  LedgerEntry Entry() const { return ledger_.Entries().at(0); }

  const Clock::time_point start_ = Clock::now();
  Ledger ledger_;
};

TEST_F(LedgerTest, TaskGoesFromQueuedOverRunningToFinished) {
  Submit(SubmitOutcome::kAccepted);
  EXPECT_EQ(Count(ledger_.Entries(), "sales").queued, 1);
  Event(EventType::kStarted, 1020ms);
  EXPECT_EQ(Count(ledger_.Entries(), "sales").running, 1);
  EXPECT_THAT(ledger_.Unended("sales"), ElementsAre("t1"));
  Event(EventType::kFinished, 1600ms);
  EXPECT_EQ(Count(ledger_.Entries(), "sales").finished, 1);
  EXPECT_THAT(ledger_.Unended("sales"), IsEmpty());
  EXPECT_THAT(ledger_.Uncollected("sales"), ElementsAre("t1"));
}

TEST_F(LedgerTest, ResponseTimeCountsFromTheIntendedArrival) {
  Submit(SubmitOutcome::kAccepted);
  Event(EventType::kStarted, 1020ms, 50'000);
  Event(EventType::kFinished, 1600ms, 50'540);

  EXPECT_EQ(Entry().ResponseTime(), 100ms) << "1600 - 1000 - 500 of thinking";
  EXPECT_EQ(Entry().ServiceTime(), 40ms) << "540 - 500 of thinking";
}

TEST_F(LedgerTest, ServiceTimeIsThatOfTheFinishingAttempt) {
  Event(EventType::kStarted, 1020ms, 50'000, 1);
  Event(EventType::kRequeued, 1100ms, 50'100, 1);
  Event(EventType::kStarted, 1200ms, 50'200, 2);
  Event(EventType::kFinished, 1800ms, 50'750, 2);

  EXPECT_EQ(Entry().ServiceTime(), 50ms);
}

TEST_F(LedgerTest, UnknownIsNeverCountedAsRefusedOrLost) {
  Submit(SubmitOutcome::kUnknown);

  EXPECT_TRUE(Entry().Unsettled());
  EXPECT_FALSE(Entry().Accepted());
  EXPECT_EQ(Count(ledger_.Entries(), "sales").unknown, 1);
  EXPECT_EQ(Count(ledger_.Entries(), "sales").refused, 0);
  EXPECT_THAT(ledger_.Unsettled("sales"), ElementsAre("t1"));
}

TEST_F(LedgerTest, UnknownIsSettledByAnEvent) {
  Submit(SubmitOutcome::kUnknown);
  Event(EventType::kAccepted, 1020ms);

  EXPECT_TRUE(Entry().Accepted());
  EXPECT_FALSE(Entry().Unsettled());
}

TEST_F(LedgerTest, UnknownIsSettledByReading) {
  Submit(SubmitOutcome::kUnknown);
  ledger_.Settle("t1", false);

  EXPECT_FALSE(Entry().Unsettled());
  EXPECT_FALSE(Entry().Accepted());
  EXPECT_EQ(Count(ledger_.Entries(), "sales").refused, 1);
}

TEST_F(LedgerTest, DoubleFinishIsCountedFromEvents) {
  Submit(SubmitOutcome::kAccepted);
  Event(EventType::kFinished, 1600ms, 0, 1);
  Event(EventType::kFinished, 1700ms, 0, 2);

  EXPECT_EQ(Entry().FinishCount(), 2);
  EXPECT_EQ(Entry().ResponseTime(), 100ms) << "the first one is the answer";
}

TEST_F(LedgerTest, RecordAloneTellsThatATaskFinished) {
  Submit(SubmitOutcome::kAccepted);
  ledger_.Read("t1", {.state = "finished", .finished = true, .proof = "abc"});

  EXPECT_TRUE(Entry().Finished());
  EXPECT_EQ(Entry().proof, "abc");
  EXPECT_EQ(Entry().ResponseTime(), std::nullopt) << "nobody saw when";
}

TEST_F(LedgerTest, EventsOfOtherTasksAreNotOurs) {
  EXPECT_FALSE(ledger_.Record({EventType::kFinished, "stranger", "w1", 1, 0}, start_));
  EXPECT_FALSE(ledger_.Record({EventType::kFinished, "r7-sales-1-again", "w1", 1, 0}, start_));
  EXPECT_THAT(ledger_.Strangers("r7-"), testing::ElementsAre("r7-sales-1-again"));
}

}  // namespace
}  // namespace proving_ground
