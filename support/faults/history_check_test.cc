#include "support/faults/history_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/base/errors.h"
#include "support/faults/history_maker_for_test.h"

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Operation Task(const std::string& id, OperationOutcome outcome) {
  Operation operation;
  operation.id = id;
  operation.outcome = outcome;
  return operation;
}

Operation Write(const std::string& id, OperationOutcome outcome) {
  Operation operation = Task(id, outcome);
  operation.kind = OperationKind::kWrite;
  return operation;
}

Found FoundTask(const std::string& id, const std::string& state = "finished", int finishes = 1) {
  return {id, OperationKind::kTask, state, finishes};
}

Found FoundValue(const std::string& id, const std::string& value) {
  return {id, OperationKind::kWrite, value, 0};
}

constexpr auto kOk = OperationOutcome::kOk;
constexpr auto kFailed = OperationOutcome::kFailed;
constexpr auto kUnknown = OperationOutcome::kUnknown;

void ExpectClean(const HistoryReport& report) {
  EXPECT_THAT(report.lost, IsEmpty());
  EXPECT_THAT(report.phantom, IsEmpty());
  EXPECT_THAT(report.duplicate, IsEmpty());
  EXPECT_THAT(report.unfinished, IsEmpty());
  EXPECT_THAT(report.stale, IsEmpty());
  EXPECT_THAT(report.shared, IsEmpty());
}

TEST(CheckHistoryTest, AStackThatKeptItsWordIsClean) {
  const HistoryReport report =
      CheckHistory({Task("r-1", kOk), Task("r-2", kFailed), Task("r-3", kUnknown),
                    Task("r-4", kUnknown), Write("r-w", kOk)},
                   {FoundTask("r-1"), FoundTask("r-3"), FoundValue("r-w", "r-w")}, "r-");
  ExpectClean(report);
  EXPECT_EQ(report.acknowledged, 2);
  EXPECT_EQ(report.unknown, 2);
  EXPECT_EQ(report.settled_present, 1);
  EXPECT_EQ(report.settled_absent, 1);
}

TEST(CheckHistoryTest, WhatWasAcknowledgedAndIsGoneIsLost) {
  const HistoryReport report = CheckHistory({Task("r-1", kOk), Task("r-2", kOk), Write("r-w", kOk)},
                                            {FoundTask("r-2")}, "r-");
  EXPECT_THAT(report.lost, ElementsAre("r-1", "r-w"));
}

TEST(CheckHistoryTest, WhatWasSeenToFinishMayNotVanishEither) {
  Operation unanswered = Task("r-1", kUnknown);
  unanswered.finished = At(5);
  const HistoryReport report = CheckHistory({unanswered}, {}, "r-");
  EXPECT_THAT(report.lost, ElementsAre("r-1"));
  EXPECT_EQ(report.settled_present, 1);
}

TEST(CheckHistoryTest, ForeignIdsAreIgnored) {
  ExpectClean(CheckHistory({}, {FoundTask("other-1", "queued", 5)}, "r-"));
}

TEST(CheckHistoryTest, WhatNobodyIssuedIsPhantom) {
  EXPECT_THAT(CheckHistory({}, {FoundTask("r-1")}, "r-").phantom, ElementsAre("r-1"));
}

TEST(CheckHistoryTest, WhatWasRefusedAndHappenedIsPhantom) {
  EXPECT_THAT(CheckHistory({Task("r-1", kFailed)}, {FoundTask("r-1")}, "r-").phantom,
              ElementsAre("r-1"));
  Operation refused = Task("r-2", kFailed);
  refused.finished = At(5);
  EXPECT_THAT(CheckHistory({refused}, {}, "r-").phantom, ElementsAre("r-2"))
      << "it finished, whatever became of its record";
}

TEST(CheckHistoryTest, AnotherValueIsLostAndPhantom) {
  const HistoryReport report =
      CheckHistory({Write("r-w1", kOk), Write("r-w2", kUnknown)},
                   {FoundValue("r-w1", "r-w9"), FoundValue("r-w2", "")}, "r-");
  EXPECT_THAT(report.lost, ElementsAre("r-w1"));
  EXPECT_THAT(report.phantom, ElementsAre("r-w1", "r-w2"));
  EXPECT_EQ(report.settled_absent, 1);
}

TEST(CheckHistoryTest, AnIdFoundAsTheOtherKindIsLostAndPhantom) {
  const HistoryReport report =
      CheckHistory({Task("r-1", kOk), Task("r-2", kFailed)},
                   {FoundValue("r-1", "r-1"), FoundValue("r-2", "r-2")}, "r-");
  EXPECT_THAT(report.lost, ElementsAre("r-1"));
  EXPECT_THAT(report.phantom, ElementsAre("r-1", "r-2"));
}

TEST(CheckHistoryTest, ATaskFinishesOnce) {
  const HistoryReport report =
      CheckHistory({Task("r-1", kOk)}, {FoundTask("r-1", "finished", 2)}, "r-");
  EXPECT_THAT(report.duplicate, ElementsAre("r-1"));
}

TEST(CheckHistoryTest, WhatTheStackTookMustFinish) {
  const HistoryReport report =
      CheckHistory({Task("r-1", kOk), Task("r-2", kUnknown), Task("r-3", kOk)},
                   {FoundTask("r-1", "queued", 0), FoundTask("r-2", "running", 0),
                    FoundTask("r-3", "failed", 0)},
                   "r-");
  EXPECT_THAT(report.unfinished, ElementsAre("r-1", "r-2", "r-3"));
  EXPECT_THAT(report.lost, IsEmpty());
}

TEST(CheckHistoryTest, WorthlessInputIsRefused) {
  EXPECT_THROW(CheckHistory({Task("r-1", kOk), Task("r-1", kOk)}, {}, "r-"), UsageError);
  EXPECT_THROW(CheckHistory({Task("r-1", kOk), Write("r-1", kOk)}, {}, "r-"), UsageError);
  EXPECT_THROW(CheckHistory({Task("q-1", kOk)}, {}, "r-"), UsageError);
  EXPECT_THROW(CheckHistory({}, {FoundTask("r-1"), FoundTask("r-1")}, "r-"), UsageError);
}

// The definitions with nested loops instead of tables.
HistoryReport NaiveCheck(const History& history, const std::vector<Found>& found) {
  HistoryReport report;
  for (const Found& item : found) {
    const bool issued = std::any_of(history.begin(), history.end(),
                                    [&](const Operation& op) { return op.id == item.id; });
    if (!issued) report.phantom.push_back(item.id);
    if (item.finishes > 1) report.duplicate.push_back(item.id);
  }
  for (const Operation& op : history) {
    const auto at = std::find_if(found.begin(), found.end(),
                                 [&](const Found& item) { return item.id == op.id; });
    const bool there = at != found.end();
    const bool intact = there && (op.kind == OperationKind::kTask || at->state == op.id);
    if (op.outcome == kOk) {
      ++report.acknowledged;
      if (!intact) report.lost.push_back(op.id);
    }
    if (op.outcome == kUnknown) {
      ++report.unknown;
      ++(intact ? report.settled_present : report.settled_absent);
    }
    if (there && (op.outcome == kFailed || !intact)) report.phantom.push_back(op.id);
    if (op.outcome != kFailed && op.kind == OperationKind::kTask && intact &&
        at->state != "finished") {
      report.unfinished.push_back(op.id);
    }
  }
  return report;
}

TEST(CheckHistoryTest, AgreesWithTheDefinitionsOnRandomHistories) {
  std::mt19937 random(7);
  const auto draw = [&](int below) { return static_cast<int>(random() % below); };
  for (int round = 0; round < 500; ++round) {
    History history;
    std::vector<Found> found;
    for (int i = draw(40); i > 0; --i) {
      const std::string id = "r-" + std::to_string(i);
      const bool task = draw(2) == 0;
      const int issued = draw(8);  // 7: not at all
      if (issued < 7) {
        const auto outcome = std::array{kOk, kFailed, kUnknown}[issued % 3];
        history.push_back(task ? Task(id, outcome) : Write(id, outcome));
      }
      if (draw(3) == 0) continue;
      found.push_back(task ? FoundTask(id, draw(4) == 0 ? "queued" : "finished", draw(3))
                           : FoundValue(id, draw(4) == 0 ? "torn" : id));
    }
    std::shuffle(found.begin(), found.end(), random);
    const HistoryReport report = CheckHistory(history, found, "r-");
    const HistoryReport expected = NaiveCheck(history, found);
    ASSERT_EQ(report.acknowledged, expected.acknowledged);
    ASSERT_EQ(report.unknown, expected.unknown);
    ASSERT_EQ(report.settled_present, expected.settled_present);
    ASSERT_EQ(report.settled_absent, expected.settled_absent);
    ASSERT_EQ(report.lost, expected.lost);
    ASSERT_EQ(report.phantom, expected.phantom);
    ASSERT_EQ(report.duplicate, expected.duplicate);
    ASSERT_EQ(report.unfinished, expected.unfinished);
  }
}

// Numbers the events in the order given.
HistoryReport Led(std::vector<LeadershipEvent> events) {
  for (std::size_t i = 0; i < events.size(); ++i) events[i].seq = std::to_string(i) + "-0";
  HistoryReport report;
  CheckLeadership(events, report);
  return report;
}

LeadershipEvent Event(const std::string& type, const std::string& task, const std::string& worker,
                      std::int64_t epoch = 1) {
  return {"", epoch, type, task, worker, 1};
}

TEST(CheckLeadershipTest, EpochsOnlyGrow) {
  ExpectClean(Led({Event("accepted", "t", "", 1), Event("started", "t", "a", 2),
                   Event("finished", "t", "a", 2), Event("accepted", "u", "", 3)}));
  const HistoryReport report = Led({Event("accepted", "t", "", 2), Event("accepted", "u", "", 1),
                                    Event("accepted", "v", "", 2), Event("accepted", "w", "", 1)});
  EXPECT_THAT(report.stale,
              ElementsAre(HasSubstr("1-0: accepted u"), HasSubstr("3-0: accepted w")));
}

TEST(CheckLeadershipTest, AnEpochThatWasNotToldIsNone) {
  ExpectClean(Led({Event("accepted", "t", "", 3), Event("registered", "", "a", 0),
                   Event("accepted", "u", "", 3)}));
}

TEST(CheckLeadershipTest, ATaskInHandIsNotGivenToAnother) {
  const HistoryReport report = Led({Event("started", "t", "a"), Event("started", "t", "b")});
  EXPECT_THAT(report.shared, ElementsAre("t: started by b at 1-0 while a had it"));
}

TEST(CheckLeadershipTest, ATaskThatWasPutBackMayBeGivenToAnother) {
  for (const char* end : {"requeued", "finished", "failed"}) {
    ExpectClean(
        Led({Event("started", "t", "a"), Event(end, "t", "a"), Event("started", "t", "b")}));
  }
  for (const char* end : {"expired", "left"}) {
    ExpectClean(Led({Event("started", "t", "a"), Event(end, "", "a"), Event("started", "t", "b")}));
  }
}

TEST(CheckLeadershipTest, TheEndOfAnotherFreesNothing) {
  EXPECT_EQ(Led({Event("started", "t", "a"), Event("requeued", "u", "a"), Event("expired", "", "c"),
                 Event("started", "t", "b")})
                .shared.size(),
            1U);
  EXPECT_EQ(Led({Event("expired", "", "a"), Event("started", "t", "a"), Event("started", "t", "b")})
                .shared.size(),
            1U)
      << "it was gone before it took the task";
}

TEST(CheckLeadershipTest, TheSameWorkerMayBeToldAgain) {
  ExpectClean(Led({Event("started", "t", "a"), Event("started", "t", "a")}));
}

}  // namespace
}  // namespace proving_ground
