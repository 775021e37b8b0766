#include "support/load/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/load/hand_made_recording.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr double kMebi = 1024.0 * 1024.0;

// Criteria with `outcome`, "L-2 sales" when it is about a team.
std::set<std::string> With(Outcome outcome, const LoadRecording& recording) {
  std::set<std::string> criteria;
  for (const Verdict& verdict : JudgeAll(recording)) {
    if (verdict.outcome != outcome) continue;
    criteria.insert(verdict.criterion + (verdict.team.empty() ? "" : " " + verdict.team));
  }
  return criteria;
}

using Set = std::set<std::string>;

// The recording fails exactly `criteria`, and all the others pass.
void ExpectFailing(const LoadRecording& recording, const Set& criteria) {
  EXPECT_EQ(With(Outcome::kFailed, recording), criteria);
  EXPECT_THAT(With(Outcome::kInconclusive, recording), IsEmpty());
  EXPECT_THAT(With(Outcome::kPassed, recording), SizeIs(10 - criteria.size()));
}

void ExpectInconclusive(const LoadRecording& recording, const Set& criteria) {
  EXPECT_EQ(With(Outcome::kInconclusive, recording), criteria);
  EXPECT_THAT(With(Outcome::kFailed, recording), IsEmpty());
}

TEST(JudgeTest, GoodRunPassesAll) { ExpectFailing(HandMadeRecording(), {}); }

TEST(JudgeTest, VerdictShowsObservedLimitAndSamples) {
  const Verdict verdict = JudgeCompletion(HandMadeRecording());

  ASSERT_THAT(verdict.measures, SizeIs(1));
  EXPECT_EQ(verdict.measures[0].observed, 1);
  EXPECT_EQ(verdict.measures[0].limit, 0.90);
  EXPECT_EQ(verdict.measures[0].samples, 4);
  EXPECT_THAT(verdict.summary, HasSubstr("4 of 4 workers"));
}

// Each way in which a worker can fall short, alone. One of four is below 0.90, and one of two below
// 0.80.
class WorkerShortcomingTest : public testing::TestWithParam<std::pair<const char*, WorkerRecord>> {
};

TEST_P(WorkerShortcomingTest, FailsCompletionOfRunAndTeam) {
  LoadRecording recording = HandMadeRecording();
  WorkerRecord& worker = recording.workers[2];
  const std::string id = worker.id;
  worker = GetParam().second;
  worker.id = id;
  worker.team = "sales";

  ExpectFailing(recording, {"L-1", "L-2 sales"});
  EXPECT_THAT(JudgeCompletion(recording).details, Contains(HasSubstr(id)));
}

INSTANTIATE_TEST_SUITE_P(
    Each, WorkerShortcomingTest,
    testing::Values(std::pair{"NeverRegistered", WorkerRecord{"", "", "", false, true, 5, 5, 0}},
                    std::pair{"GotNoTask", WorkerRecord{"", "", "", true, true, 0, 0, 0}},
                    std::pair{"LeftATask", WorkerRecord{"", "", "", true, true, 5, 4, 0}},
                    std::pair{"ExitCode", WorkerRecord{"", "", "", true, true, 5, 5, 1}},
                    std::pair{"Killed", WorkerRecord{"", "", "", true, true, 5, 5, {}}},
                    std::pair{"Crashed", WorkerRecord{"", "", "", true, true, 5, 5, 0, 1}},
                    std::pair{"NoGoodbye", WorkerRecord{"", "", "", true, false, 5, 5, 0}}),
    [](const auto& info) { return std::string(info.param.first); });

TEST(JudgeTest, MissingWorkerIsNotForgotten) {
  LoadRecording recording = HandMadeRecording();
  recording.workers.pop_back();

  ExpectFailing(recording, {"L-1", "L-2 sales"});
}

TEST(JudgeTest, WholeRunMayPassWhereATeamFails) {
  LoadRecording recording = HandMadeRecording();
  recording.contract.min_completion = 0.7;
  recording.workers[0].left = false;

  ExpectFailing(recording, {"L-2 marketing"});
}

TEST(JudgeTest, SlowRunFailsTheWallClock) {
  LoadRecording recording = HandMadeRecording();
  recording.phases[5].duration = 40s;  // cleanup: spawn at -6 s, so 67 s in all

  ExpectFailing(recording, {"L-3"});
  EXPECT_NEAR(JudgeWallClock(recording).measures.at(0).observed, 67, 1e-9);
}

TEST(JudgeTest, StallOfRedisInTheMiddleIsAFailure) {
  LoadRecording recording = HandMadeRecording();
  recording.pings.longest = {9s, 1500ms};
  recording.pings.gaps = {{9s, 1500ms}};

  ExpectFailing(recording, {"L-4"});
}

TEST(JudgeTest, DeadRedisIsAFailureAndNotTooFewPings) {
  LoadRecording recording = HandMadeRecording();
  recording.pings.answered = 10;
  recording.pings.longest = {0s, 27s};

  ExpectFailing(recording, {"L-4"});
}

TEST(JudgeTest, TooFewPingsSayNothing) {
  LoadRecording rare = HandMadeRecording();
  rare.pings.answered = 100;
  LoadRecording only_at_the_end = HandMadeRecording();
  only_at_the_end.pings.watched = 1s;
  only_at_the_end.pings.sent = only_at_the_end.pings.answered = 10;

  ExpectInconclusive(rare, {"L-4"});
  ExpectInconclusive(only_at_the_end, {"L-4"});
}

TEST(JudgeTest, OneUnprovenTaskFailsEvidence) {
  LoadRecording recording = HandMadeRecording();
  recording.evidence[1].proven -= 1;
  recording.evidence[1].findings = {{"r1-sales-4", "no journal entry for call 0"}};

  ExpectFailing(recording, {"L-5"});
  EXPECT_THAT(JudgeEvidence(recording).details, Contains(HasSubstr("r1-sales-4")));
}

TEST(JudgeTest, UnreadOrUncheckedEvidenceSaysNothing) {
  LoadRecording unread = HandMadeRecording();
  unread.evidence[0] = {"marketing", false, "the gateway refused", 0, 0, 0, {}};
  LoadRecording none = HandMadeRecording();
  none.evidence.clear();

  ExpectInconclusive(unread, {"L-5"});
  ExpectInconclusive(none, {"L-5"});
}

TEST(JudgeTest, LostTaskFails) {
  LoadRecording recording = HandMadeRecording();
  recording.ledger[5].events.pop_back();
  recording.ledger[5].last_state = "nowhere";
  recording.evidence[0].checked = recording.evidence[0].proven = 19;
  recording.contract.min_tasks_per_team = 19;

  ExpectFailing(recording, {"L-6"});
  EXPECT_THAT(JudgeNothingLost(recording).details, Contains(HasSubstr("nowhere")));
}

TEST(JudgeTest, FailedTaskIsNotFinished) {
  LoadRecording recording = HandMadeRecording();
  recording.ledger[5].events.back().type = EventType::kFailed;
  recording.evidence[0].checked = recording.evidence[0].proven = 19;
  recording.contract.min_tasks_per_team = 19;

  ExpectFailing(recording, {"L-6"});
}

TEST(JudgeTest, DoubleFinishFails) {
  LoadRecording recording = HandMadeRecording();
  recording.ledger[5].events.push_back(recording.ledger[5].events.back());

  ExpectFailing(recording, {"L-6"});
}

TEST(JudgeTest, AMadeUpTaskFails) {
  LoadRecording recording = HandMadeRecording();
  recording.made_up = {"r1-sales-7-again"};

  ExpectFailing(recording, {"L-6"});
  EXPECT_THAT(JudgeNothingLost(recording).details, Contains(HasSubstr("r1-sales-7-again")));
}

TEST(JudgeTest, UnsettledOutcomeSaysNothingAndARefusalIsNoLoss) {
  LoadRecording unsettled = HandMadeRecording();
  unsettled.ledger[5].outcome = SubmitOutcome::kUnknown;
  unsettled.ledger[5].events.clear();
  unsettled.evidence[0].checked = unsettled.evidence[0].proven = 19;
  unsettled.contract.min_tasks_per_team = 19;
  LoadRecording refused = unsettled;
  refused.ledger[5].settled = false;

  ExpectInconclusive(unsettled, {"L-6"});
  ExpectFailing(refused, {});
}

TEST(JudgeTest, AnythingLeftBehindFails) {
  LoadRecording key = HandMadeRecording();
  key.residue.keys = {"team:sales:memory"};
  LoadRecording container = HandMadeRecording();
  container.residue.containers = {"stack-sales-worker-2"};
  LoadRecording network = HandMadeRecording();
  network.residue.networks = {"stack_left"};

  for (const LoadRecording& recording : {key, container, network}) {
    ExpectFailing(recording, {"L-7"});
  }
}

TEST(JudgeTest, ResidueThatWasNotLookedUpSaysNothing) {
  LoadRecording recording = HandMadeRecording();
  recording.residue = {};

  ExpectInconclusive(recording, {"L-7"});
}

TEST(JudgeTest, GrowingMemoryOfOneRoleFails) {
  LoadRecording recording = HandMadeRecording();
  for (ResourceSample& sample : recording.samples) {
    sample.memory["gateway"].anonymous +=
        std::max<double>(static_cast<double>(sample.at.count()), 0) / 1000 * kMebi;
  }

  ExpectFailing(recording, {"L-8"});
}

TEST(JudgeTest, SmallGrowthAndPageCacheAreNoise) {
  LoadRecording recording = HandMadeRecording();
  for (ResourceSample& sample : recording.samples) {
    const double seconds = static_cast<double>(sample.at.count()) / 1000;
    sample.memory["redis"].usage += seconds * 10 * kMebi;                          // page cache
    sample.memory["redis"].anonymous = kMebi * (1 + std::max(seconds, 0.0) / 10);  // 1 to 3 MiB
  }

  ExpectFailing(recording, {});
}

TEST(JudgeTest, KeysThatStayPerTaskFail) {
  LoadRecording recording = HandMadeRecording();
  for (ResourceSample& sample : recording.samples) sample.keys = 40 + sample.finished / 2;

  ExpectFailing(recording, {"L-8"});
}

TEST(JudgeTest, KeysOfOpenTasksAreNoLeakAndHideNone) {
  LoadRecording recording = HandMadeRecording();
  for (LedgerEntry& entry : recording.ledger) entry.events.resize(1);  // accepted, never started
  for (ResourceSample& sample : recording.samples) {
    sample.keys = 40 + std::count_if(recording.ledger.begin(), recording.ledger.end(),
                                     [&](const auto& entry) { return entry.answered < sample.at; });
  }
  EXPECT_EQ(JudgeGrowth(recording).outcome, Outcome::kPassed);

  for (ResourceSample& sample : recording.samples) *sample.keys += sample.finished / 2;
  EXPECT_EQ(JudgeGrowth(recording).outcome, Outcome::kFailed);
}

TEST(JudgeTest, TooFewSamplesSayNothing) {
  LoadRecording recording = HandMadeRecording();
  recording.samples.resize(16);  // up to 1.5 s

  ExpectInconclusive(recording, {"L-8"});
}

TEST(JudgeTest, StarvedTeamFailsByThroughput) {
  LoadRecording recording = HandMadeRecording();
  for (LedgerEntry& entry : recording.ledger) {
    if (entry.task.team != "sales") continue;
    entry.events.back().seen *= 2;
    entry.task.arrival = entry.events.back().seen - 530ms;  // only the rate differs
  }

  ExpectFailing(recording, {"L-9"});
}

TEST(JudgeTest, SlowTeamFailsByTail) {
  LoadRecording recording = HandMadeRecording();
  recording.ledger.back().events.back().seen += 800ms;  // one of 20 is beyond p95

  ExpectFailing(recording, {"L-9"});
  EXPECT_THAT(JudgeFairness(recording).measures.at(1).name, HasSubstr("p99 of sales"));
}

TEST(JudgeTest, TailsBelowTheFloorAreEqual) {
  LoadRecording recording = HandMadeRecording();
  recording.ledger.back().events.back().seen += 200ms;  // 230 ms against 30 ms

  ExpectFailing(recording, {});
}

TEST(JudgeTest, OneTeamAloneCannotBeCompared) {
  LoadRecording recording = HandMadeRecording();
  recording.teams.pop_back();
  recording.evidence.pop_back();
  std::erase_if(recording.ledger, [](const auto& entry) { return entry.task.team == "sales"; });

  EXPECT_EQ(With(Outcome::kInconclusive, recording), Set{"L-9"});
}

TEST(JudgeTest, TooLittleAcceptedSaysNothingAboutWorkersLossAndTails) {
  LoadRecording recording = HandMadeRecording();
  recording.contract.min_tasks_per_team = 21;

  ExpectInconclusive(recording, {"L-1", "L-2 marketing", "L-2 sales", "L-6", "L-9"});
}

TEST(JudgeTest, DriverThatDoesNotKnowWorkersSaysNothingAboutThem) {
  LoadRecording recording = HandMadeRecording();
  recording.worker_events = false;

  ExpectInconclusive(recording, {"L-1", "L-2 marketing", "L-2 sales"});
}

TEST(JudgeTest, NothingIsJudgedFromABrokenRunOrALateGenerator) {
  LoadRecording broken = HandMadeRecording();
  broken.complete = false;
  broken.incomplete_reason = "the engine went away";
  LoadRecording late = HandMadeRecording();
  late.generator.worst_lag = 251ms;
  LoadRecording late_probe = HandMadeRecording();
  late_probe.pings.own_lag = 251ms;

  for (const LoadRecording& recording : {broken, late, late_probe, LoadRecording{}}) {
    for (const Verdict& verdict : JudgeAll(recording)) {
      EXPECT_EQ(verdict.outcome, Outcome::kInconclusive) << verdict;
      EXPECT_THAT(verdict.summary, Not(IsEmpty()));
    }
  }
  EXPECT_THAT(JudgeWallClock(broken).summary, HasSubstr("the engine went away"));
}

}  // namespace
}  // namespace proving_ground
