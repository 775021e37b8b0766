#include "support/faults/probe/probe_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Clock::time_point At(std::int64_t ms) { return Clock::time_point(milliseconds(ms)); }

std::string Settled(OperationKind kind, std::int64_t number, std::int64_t issued_ms,
                    OperationOutcome outcome = OperationOutcome::kOk) {
  return Format(ProbeSettled{kind, number, At(issued_ms), At(issued_ms + 1), outcome,
                             outcome == OperationOutcome::kOk ? 202 : 0, ""});
}

std::string Task(std::int64_t number, OperationOutcome outcome = OperationOutcome::kOk) {
  return Settled(OperationKind::kTask, number, 10 * number, outcome);
}

std::string Finish(std::int64_t number) {
  return Format(ProbeFinish{number, At(10 * number + 5), "worker-1", 1});
}

std::vector<std::string> Ids(const History& history) {
  std::vector<std::string> ids;
  for (const Operation& operation : history) ids.push_back(operation.id);
  return ids;
}

TEST(ProbeLinesTest, WhatIsWrittenIsRead) {
  const std::string line =
      Format(ProbeSettled{OperationKind::kWrite, 3, At(100), At(1'100), OperationOutcome::kUnknown,
                          504, "say \"no\"\n\xff"});
  EXPECT_THAT(line, ::testing::Not(HasSubstr("\n"))) << "one line";
  const auto read = std::get<ProbeSettled>(ParseProbeLine(line));
  EXPECT_EQ(read.kind, OperationKind::kWrite);
  EXPECT_EQ(read.number, 3);
  EXPECT_EQ(read.issued, At(100));
  EXPECT_EQ(read.settled, At(1'100));
  EXPECT_EQ(read.outcome, OperationOutcome::kUnknown);
  EXPECT_EQ(read.status, 504);
  EXPECT_THAT(read.reason, HasSubstr("say \"no\"\n"));

  EXPECT_EQ(std::get<ProbeStarted>(ParseProbeLine(Format(ProbeStarted{At(7)}))).at, At(7));
  const auto ended = std::get<ProbeEnded>(
      ParseProbeLine(Format(ProbeEnded{At(9), microseconds(210), microseconds(90), 4})));
  EXPECT_EQ(ended.worst_lag, microseconds(210));
  EXPECT_EQ(ended.p99_lag, microseconds(90));
  EXPECT_EQ(ended.left_out, 4);
}

TEST(ProbeLinesTest, NonsenseIsRefused) {
  for (const char* line :
       {"", "{", "{}", "[]", "7", R"({"task":1})", R"({"task":-1,"issued":1,"settled":2})",
        R"({"finished":1e300,"at":1,"worker":"w","attempt":1})",
        R"({"task":999999999999,"issued":1,"settled":2,"outcome":"ok","status":202})",
        R"({"task":1,"issued":1,"settled":2,"outcome":"fine","status":202})"}) {
    EXPECT_THROW(ParseProbeLine(line), EnvironmentError) << line;
  }
}

TEST(ProbeRecordTest, GathersOperationsByTimeOfIssue) {
  ProbeRecord record("run-1");
  record.Add(Format(ProbeStarted{At(0)}));
  record.Add(Task(1, OperationOutcome::kFailed));
  record.Add(Settled(OperationKind::kWrite, 0, 5));
  record.Add(Task(0));
  record.Add(Finish(0));
  const History history = record.Settled();
  EXPECT_THAT(Ids(history), ElementsAre("run-1-0", "run-1-write-0", "run-1-1"));
  EXPECT_EQ(history[0].issued, At(0));
  EXPECT_EQ(history[0].settled, At(1));
  EXPECT_EQ(history[0].status, 202);
  EXPECT_EQ(history[0].finished, At(5));
  EXPECT_EQ(history[0].worker, "worker-1");
  EXPECT_EQ(history[2].outcome, OperationOutcome::kFailed);
  EXPECT_FALSE(history[2].finished.has_value());
  EXPECT_THAT(record.Failure(), IsEmpty());
}

TEST(ProbeRecordTest, AFinishMayBeSeenBeforeTheAcknowledgement) {
  ProbeRecord record("r");
  record.Add(Finish(0));
  record.Add(Task(0));
  EXPECT_EQ(record.Settled()[0].finished, At(5));
}

TEST(ProbeRecordTest, OfTwoFinishesTheFirstCounts) {
  ProbeRecord record("r");
  record.Add(Task(0));
  record.Add(Finish(0));
  record.Add(Format(ProbeFinish{0, At(99), "worker-2", 2}));
  EXPECT_EQ(record.Settled()[0].worker, "worker-1");
}

// While operation 1 hangs, nobody may take 0, 2, 3 for all there is.
TEST(ProbeRecordTest, SettledEndsAtWhatStillHangs) {
  ProbeRecord record("r");
  for (const int number : {0, 2, 3}) record.Add(Task(number));
  record.Add(Settled(OperationKind::kWrite, 0, 25));
  EXPECT_THAT(Ids(record.Settled()), ElementsAre("r-0", "r-write-0"));
  EXPECT_THAT(record.All(), SizeIs(4));
  record.Add(Task(1, OperationOutcome::kUnknown));
  EXPECT_THAT(record.Settled(), SizeIs(5));
}

TEST(ProbeRecordTest, TellsWhyTheProbeCannotGoOn) {
  ProbeRecord nonsense("r");
  nonsense.Add("Segmentation fault");
  EXPECT_THAT(nonsense.Failure(), HasSubstr("Segmentation fault"));
  ProbeRecord trouble("r");
  trouble.Add(Format(ProbeTrouble{"out of descriptors"}));
  EXPECT_THAT(trouble.Failure(), HasSubstr("out of descriptors"));
}

class ServedTest : public ::testing::Test {
 protected:
  void Serve(int from, int until) {
    for (int number = from; number < until; ++number) {
      record_.Add(Task(number));
      record_.Add(Finish(number));
    }
  }
  bool Served(int count, std::int64_t since_ms) {
    return record_.Served(count, At(since_ms), seen_);
  }

  ProbeRecord record_{"r"};
  std::string seen_;
};

TEST_F(ServedTest, NothingIsNotServed) { EXPECT_FALSE(Served(1, 0)); }

TEST_F(ServedTest, TasksBeforeTheCallCountWhenOneFollows) {
  Serve(0, 60);
  EXPECT_TRUE(Served(50, 590)) << "the last was issued at 590";
  EXPECT_FALSE(Served(50, 591));
  EXPECT_THAT(seen_, HasSubstr("0 tasks"));
  EXPECT_FALSE(Served(61, 0));
  EXPECT_THAT(seen_, HasSubstr("60 tasks"));
}

TEST_F(ServedTest, AFailureBetweenBreaksTheRow) {
  Serve(0, 30);
  record_.Add(Task(30, OperationOutcome::kUnknown));
  Serve(31, 60);
  EXPECT_FALSE(Served(30, 400));
  EXPECT_TRUE(Served(29, 590));
  EXPECT_THAT(seen_, HasSubstr("29 tasks"));
}

TEST_F(ServedTest, WhatIsNotSettledBreaksTheRow) {
  Serve(0, 30);
  Serve(31, 60);
  EXPECT_FALSE(Served(30, 400));
  record_.Add(Task(30));
  EXPECT_FALSE(Served(30, 400)) << "acknowledged, and not finished";
  record_.Add(Finish(30));
  EXPECT_TRUE(Served(60, 400));
}

TEST_F(ServedTest, TheNewestNeedNotBeSettledYet) {
  Serve(0, 60);
  record_.Add(Task(60));  // not finished
  record_.Add(Task(62));
  EXPECT_TRUE(Served(50, 500));
  EXPECT_FALSE(Served(50, 595)) << "of those issued since, none was served";
}

TEST(ProbeRecordTest, LinesMayArriveWhileItIsAsked) {
  ProbeRecord record("r");
  std::jthread writer([&] {
    for (int number = 0; number < 2'000; ++number) {
      record.Add(Task(number));
      record.Add(Finish(number));
    }
  });
  std::string seen;
  std::size_t size = 0;
  while (!record.Served(2'000, At(0), seen)) {
    const History history = record.Settled();
    EXPECT_GE(history.size(), size);
    size = history.size();
  }
  EXPECT_THAT(record.All(), SizeIs(2'000));
}

}  // namespace
}  // namespace proving_ground
