#include "support/faults/judge.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;

const Clock::time_point kStart = Clock::time_point(seconds(1000));

Clock::time_point At(int milliseconds_since_start) {
  return kStart + milliseconds(milliseconds_since_start);
}

Operation Task(int at, OperationOutcome outcome, int answered_after = 5) {
  Operation operation;
  operation.id = fmt::format("t-{}", at);
  operation.issued = At(at);
  operation.settled = At(at + answered_after);
  operation.outcome = outcome;
  operation.status = outcome == OperationOutcome::kOk       ? 202
                     : outcome == OperationOutcome::kFailed ? 503
                                                            : 0;
  if (outcome == OperationOutcome::kOk) operation.finished = At(at + answered_after + 3);
  return operation;
}

// A second of steady load, a restart that is felt for 500 ms, two seconds after it: one task every
// 10 ms. Everything is as it should be.
FailoverRecord GoodRecord() {
  FailoverRecord record;
  record.criterion = "F-1";
  record.team = "sales";
  record.began = At(0);
  record.ended = At(3500);
  record.steady_after = true;
  for (int at = 0; at < 3500; at += 10) {
    const bool down = at >= 1010 && at < 1510;
    record.history.push_back(Task(at, down ? OperationOutcome::kFailed : OperationOutcome::kOk));
  }
  FaultWindow fault;
  fault.fault = "restart";
  fault.target = "sales-coordinator";
  fault.evidence = "started anew";
  fault.times.injected = At(1005);
  fault.times.effect = At(1400);
  record.faults.push_back(fault);
  record.workers_before = record.workers_after = {"a", "b"};
  record.in_flight = {{"long-1", "a", "finished", "a", 1}};
  record.read_back = true;
  record.report.acknowledged = 300;
  return record;
}

std::vector<Claim> ClaimsOf(const FailoverRecord& record) {
  return {DowntimeBelow(record, OperationKind::kTask, seconds(30)), WorkersSurvived(record),
          NothingLost(record), NothingElseRestarted(record)};
}

Verdict Judged(const FailoverRecord& record) { return Conclude(record, ClaimsOf(record)); }

double Observed(const Verdict& verdict, const std::string& name) {
  for (const Measure& measure : verdict.measures) {
    if (measure.name == name) return measure.observed;
  }
  ADD_FAILURE() << "no measure " << name;
  return -1;
}

TEST(FailoverJudgeTest, AGoodRecordPasses) {
  const Verdict verdict = Judged(GoodRecord());
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_NEAR(Observed(verdict, "downtime"), 505, 10);
  EXPECT_NEAR(Observed(verdict, "noise floor"), 10, 1);
  EXPECT_THAT(verdict.summary, HasSubstr("restart of sales-coordinator (started anew)"));
}

TEST(FaultImpactTest, IsFromOneFaultToTheNext) {
  FailoverRecord record = GoodRecord();
  FaultWindow harmless = record.faults.front();
  harmless.times = {.injected = At(2000), .effect = At(2100), .healed = At(2200)};
  record.faults.push_back(harmless);

  const FaultImpact first = ImpactOf(record, 0);
  EXPECT_EQ(first.detection, milliseconds(5));
  EXPECT_EQ(first.downtime, milliseconds(505));
  EXPECT_EQ(first.recovery, milliseconds(115)) << "from its effect on: nothing was taken back";
  EXPECT_EQ(first.tasks.failed, 50);
  EXPECT_EQ(first.tasks.Issued(), 99);

  const FaultImpact second = ImpactOf(record, 1);
  EXPECT_EQ(second.detection, std::nullopt);
  EXPECT_EQ(second.downtime, milliseconds(0));
  EXPECT_EQ(second.recovery, milliseconds(0));
  EXPECT_EQ(second.tasks.ok, 150);
}

TEST(FaultImpactTest, ServiceThatDoesNotReturnHasNoRecovery) {
  FailoverRecord record = GoodRecord();
  for (Operation& operation : record.history) {
    if (operation.issued > At(1010)) operation.outcome = OperationOutcome::kFailed;
  }
  EXPECT_EQ(ImpactOf(record, 0).recovery, std::nullopt);
  EXPECT_EQ(ImpactOf(record, 0).downtime, milliseconds(3500 - 1010));
}

TEST(FailoverJudgeTest, TooLongADowntimeFails) {
  const FailoverRecord record = GoodRecord();
  const Verdict verdict =
      Conclude(record, {DowntimeBelow(record, OperationKind::kTask, milliseconds(400))});
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
}

TEST(FailoverJudgeTest, AServiceThatStaysAwayFailsThoughTheRecordIsShort) {
  FailoverRecord record = GoodRecord();
  for (Operation& operation : record.history) {
    if (operation.issued > At(1010)) operation.outcome = OperationOutcome::kFailed;
  }
  record.steady_after = false;
  record.unsteady_reason = "gave up";
  EXPECT_EQ(Judged(record).outcome, Outcome::kFailed);
}

TEST(FailoverJudgeTest, AnyLossFails) {
  for (auto list : {&HistoryReport::lost, &HistoryReport::phantom, &HistoryReport::duplicate,
                    &HistoryReport::unfinished, &HistoryReport::stale, &HistoryReport::shared}) {
    FailoverRecord record = GoodRecord();
    (record.report.*list).push_back("t-50");
    const Verdict verdict = Judged(record);
    EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
    EXPECT_THAT(verdict.details, Contains(HasSubstr("t-50")));
  }
}

TEST(FailoverJudgeTest, AWorkerThatIsGoneFails) {
  FailoverRecord record = GoodRecord();
  record.workers_after.erase("b");
  EXPECT_EQ(Judged(record).outcome, Outcome::kFailed);
}

TEST(FailoverJudgeTest, ATaskThatItsWorkerDidNotFinishFails) {
  for (const TaskInFlight& task : {TaskInFlight{"long-1", "a", "running", "a", 1},
                                   TaskInFlight{"long-1", "a", "finished", "b", 2},
                                   TaskInFlight{"long-1", "a", "finished", "a", 2},
                                   TaskInFlight{"long-1", "a", "gone", "", 0}}) {
    FailoverRecord record = GoodRecord();
    record.in_flight = {task};
    EXPECT_EQ(Judged(record).outcome, Outcome::kFailed);
  }
}

TEST(FailoverJudgeTest, AnotherProcessThatRestartedFails) {
  FailoverRecord record = GoodRecord();
  record.restarted = {"redis-1"};
  EXPECT_EQ(Judged(record).outcome, Outcome::kFailed);
}

TEST(FailoverJudgeTest, AStackThatIsNotAsBeforeFails) {
  FailoverRecord record = GoodRecord();
  record.faults.front().differences = {"alias gone"};
  const Verdict verdict = Judged(record);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("alias gone")));
}

TEST(FailoverJudgeTest, WithoutAFaultNothingIsConcluded) {
  FailoverRecord record = GoodRecord();
  record.faults.clear();
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, AFaultWithoutEffectConcludesNothing) {
  FailoverRecord record = GoodRecord();
  record.faults.front().evidence.clear();
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, TooFewOperationsBeforeConcludeNothing) {
  FailoverRecord record = GoodRecord();
  record.history.erase(record.history.begin(), record.history.begin() + 60);
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, TooFewOperationsAfterConcludeNothing) {
  FailoverRecord record = GoodRecord();
  record.history.resize(170);
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, ALateProbeConcludesNothing) {
  FailoverRecord record = GoodRecord();
  record.probe.worst_lag = milliseconds(1001);
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, AProbeThatLeftOutMuchConcludesNothing) {
  FailoverRecord record = GoodRecord();
  record.probe.left_out = 100;
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, WithoutTasksInHandTheSurvivalOfWorkersIsNotConcluded) {
  FailoverRecord record = GoodRecord();
  record.in_flight.clear();
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, WhatCouldNotBeReadBackIsNotConcluded) {
  FailoverRecord record = GoodRecord();
  record.read_back = false;
  EXPECT_EQ(Judged(record).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, RecoveryCountsFromTheEndOfTheTrouble) {
  FailoverRecord record = GoodRecord();
  record.faults.front().times.healed = At(1300);
  const Verdict verdict = Conclude(record, {RecoveredWithin(record, milliseconds(300))});
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_NEAR(Observed(verdict, "recovery"), 215, 10);
  EXPECT_EQ(Conclude(record, {RecoveredWithin(record, milliseconds(100))}).outcome,
            Outcome::kFailed);
}

TEST(FailoverJudgeTest, SuccessIsCountedOverTheWholeWindow) {
  const FailoverRecord record = GoodRecord();
  EXPECT_EQ(Conclude(record, {SuccessAtLeast(record, seconds(2), 0.70)}).outcome, Outcome::kPassed);
  EXPECT_EQ(Conclude(record, {SuccessAtLeast(record, milliseconds(800), 0.70)}).outcome,
            Outcome::kFailed);
}

TEST(FailoverJudgeTest, WhoIsLeftWithoutAnAnswerHangs) {
  FailoverRecord record = GoodRecord();
  record.faults.front().times.healed = At(1500);
  EXPECT_EQ(Conclude(record, {AnsweredWithin(record, seconds(3))}).outcome, Outcome::kPassed);
  record.history[120] = Task(1200, OperationOutcome::kUnknown, 1000);
  EXPECT_EQ(Conclude(record, {AnsweredWithin(record, seconds(3))}).outcome, Outcome::kFailed);
  record.history[120] = Task(1200, OperationOutcome::kFailed, 4000);
  EXPECT_EQ(Conclude(record, {AnsweredWithin(record, seconds(3))}).outcome, Outcome::kFailed);
}

TEST(FailoverJudgeTest, ANeighbourMustNotFeelAnything) {
  FailoverRecord record = GoodRecord();
  EXPECT_EQ(Conclude(record, {Unmoved(record)}).outcome, Outcome::kFailed);
  for (Operation& operation : record.history) operation.outcome = OperationOutcome::kOk;
  EXPECT_EQ(Conclude(record, {Unmoved(record)}).outcome, Outcome::kPassed);
  for (int i = 110; i < 113; ++i) record.history[i] = Task(10 * i, OperationOutcome::kOk, 150);
  EXPECT_EQ(Conclude(record, {Unmoved(record)}).outcome, Outcome::kPassed) << "three late ones";
  for (int i = 110; i < 130; ++i) record.history[i] = Task(10 * i, OperationOutcome::kOk, 150);
  EXPECT_EQ(Conclude(record, {Unmoved(record)}).outcome, Outcome::kFailed);
}

TEST(FailoverJudgeTest, AnOrphanIsReassignedOnce) {
  FailoverRecord record = GoodRecord();
  record.killed_workers = {"a"};
  record.in_flight = {{"long-1", "a", "finished", "b", 2}, {"long-2", "b", "finished", "b", 1}};
  EXPECT_EQ(Conclude(record, {ReassignedOnce(record)}).outcome, Outcome::kPassed);
  record.in_flight.front().attempts = 3;
  EXPECT_EQ(Conclude(record, {ReassignedOnce(record)}).outcome, Outcome::kFailed);
  record.in_flight.erase(record.in_flight.begin());
  EXPECT_EQ(Conclude(record, {ReassignedOnce(record)}).outcome, Outcome::kInconclusive);
}

TEST(FailoverJudgeTest, TeamsThatAreDownTogetherAreSeen) {
  const FailoverRecord one = GoodRecord();
  FailoverRecord later = GoodRecord();
  for (Operation& operation : later.history) operation.outcome = OperationOutcome::kOk;
  for (int i = 200; i < 250; ++i) later.history[i].outcome = OperationOutcome::kFailed;
  EXPECT_TRUE(DownAtOnce({one, later}, 1).measures.front().Holds());
  for (int i = 140; i < 200; ++i) later.history[i].outcome = OperationOutcome::kFailed;
  EXPECT_FALSE(DownAtOnce({one, later}, 1).measures.front().Holds());
}

TEST(FailoverJudgeTest, CombinedVerdictsAreAsBadAsTheWorst) {
  const Verdict good = Judged(GoodRecord());
  FailoverRecord lossy = GoodRecord();
  lossy.team = "finance";
  lossy.report.lost = {"t-1"};
  FailoverRecord thin = GoodRecord();
  thin.faults.clear();
  EXPECT_EQ(Combine({good, good}).outcome, Outcome::kPassed);
  EXPECT_EQ(Combine({good, Judged(thin)}).outcome, Outcome::kInconclusive);
  EXPECT_EQ(Combine({Judged(thin), Judged(lossy), good}).outcome, Outcome::kFailed);
  EXPECT_EQ(Combine({}).outcome, Outcome::kInconclusive);
  EXPECT_GT(Observed(Combine({good}), "sales downtime"), 400);
}

}  // namespace
}  // namespace proving_ground
