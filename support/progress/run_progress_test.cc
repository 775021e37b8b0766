#include "support/progress/run_progress.h"

#include <gmock/gmock.h>

#include "support/progress/events_for_test.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> TextsOfNews(const std::vector<News>& news) {
  std::vector<std::string> texts;
  for (const News& one : news) texts.push_back(one.text);
  return texts;
}

class RunProgressTest : public testing::Test {
 protected:
  std::vector<std::string> Apply(const json& event) {
    last_ = progress_.Apply(event);
    return TextsOfNews(last_);
  }

  void BeginKill(double second = 100, int pid = 7) {
    Apply(CaseStart(second, kKillTest, "sales", pid));
  }

  RunProgress progress_;
  std::vector<News> last_;
};

TEST_F(RunProgressTest, TellsOfStepsAndHowTheyEnded) {
  EXPECT_THAT(Apply(EventAt(0, kStepStart, json::object({{"step", "stack.up"}}))),
              ElementsAre("stack.up begins"));
  EXPECT_EQ(progress_.state().activity->name, "stack.up");
  const json good = {{"step", "stack.up"}, {"duration_ms", 14'040}, {"exit_status", 0}};
  EXPECT_THAT(Apply(EventAt(14, kStepEnd, good)), ElementsAre("stack.up done after 14.0 s"));
  EXPECT_FALSE(progress_.state().activity);

  Apply(EventAt(15, kStepStart, json::object({{"step", "load.run"}})));
  EXPECT_THAT(Apply(EventAt(16, "error", {{"part", "load.run"}, {"message", "no engine"}})),
              ElementsAre("load.run: no engine"));
  const json bad = {{"step", "load.run"}, {"duration_ms", 1'000}, {"exit_status", 4}};
  EXPECT_THAT(Apply(EventAt(16, kStepEnd, bad)),
              ElementsAre("load.run ended with exit code 4 after 1.0 s"));
  EXPECT_EQ(last_.front().tone, Tone::kBad);
}

TEST_F(RunProgressTest, ACaseIsToldWithItsVerdictAndWhy) {
  BeginKill();
  EXPECT_EQ(progress_.state().activity->name, "F-3 sales");
  EXPECT_EQ(progress_.state().activity->suite, "failover");
  Apply(VerdictOn(131, "F-3", "sales", "failed", 7));

  EXPECT_THAT(Apply(CaseEnd(132, kKillTest, "failed", 32'000, 7)),
              ElementsAre("F-3 sales failed after 32.0 s: away for 31.2 s"));
  EXPECT_EQ(last_.front().tone, Tone::kBad);
  EXPECT_EQ(progress_.state().Count(ResultState::kFailed), 1);
  EXPECT_FALSE(progress_.state().activity);
}

// The rules of the report: a good verdict needs a case that ended well.
TEST_F(RunProgressTest, OnlyAGoodVerdictOfAGoodCasePassed) {
  const auto state_of = [&](const char* outcome, const char* result) {
    BeginKill();
    if (*outcome != '\0') Apply(VerdictOn(101, "F-3", "sales", outcome, 7));
    Apply(CaseEnd(102, kKillTest, result, 2'000, 7));
    return progress_.state().judged.begin()->second;
  };
  EXPECT_EQ(state_of("passed", "passed"), ResultState::kPassed);
  EXPECT_EQ(state_of("passed", "failed"), ResultState::kError);
  EXPECT_EQ(state_of("failed", "failed"), ResultState::kFailed);
  EXPECT_EQ(state_of("inconclusive", "failed"), ResultState::kInconclusive);
  EXPECT_EQ(state_of("skipped", "skipped"), ResultState::kSkipped);
  EXPECT_EQ(state_of("", "failed"), ResultState::kError);
  EXPECT_THAT(last_.front().text, HasSubstr("first.cc:1: it broke"));
  EXPECT_EQ(state_of("", "passed"), ResultState::kInconclusive);
  EXPECT_THAT(progress_.state().judged, SizeIs(1)) << "the last attempt counts";
}

TEST_F(RunProgressTest, AVerdictOnSomethingElseIsNotTakenForThisCases) {
  BeginKill();
  Apply(VerdictOn(101, "F-3", "finance", "passed", 7));
  Apply(CaseEnd(102, kKillTest, "passed", 2'000, 7));
  EXPECT_EQ(progress_.state().Count(ResultState::kPassed), 0);
}

TEST_F(RunProgressTest, ThatACaseBeginsIsToldOnceItLasts) {
  BeginKill();
  EXPECT_THAT(last_, IsEmpty());
  EXPECT_THAT(progress_.Tick(AtSecond(102)), IsEmpty());
  const auto told = progress_.Tick(AtSecond(103));
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0].text, HasSubstr("F-3 sales begins: the same after a coordinator was killed"));
  EXPECT_TRUE(told[0].passing);
  EXPECT_EQ(told[0].at, AtSecond(100));
  EXPECT_THAT(progress_.Tick(AtSecond(104)), IsEmpty());
}

TEST_F(RunProgressTest, ThatACaseBeginsIsToldBeforeItsFaults) {
  BeginKill();
  EXPECT_THAT(Apply(FaultEvent(101, kFaultInjected, 7)),
              ElementsAre(HasSubstr("F-3 sales begins"), "fault: kill of sales-coordinator"));
}

TEST_F(RunProgressTest, AFaultIsOpenUntilTheStackRecovered) {
  BeginKill();
  Apply(FaultEvent(101, kFaultInjected, 7));
  ASSERT_THAT(progress_.state().faults, SizeIs(1));
  EXPECT_FALSE(progress_.state().faults[0].felt);
  EXPECT_THAT(Apply(FaultEvent(102, kFaultEffect, 7)),
              ElementsAre("in effect: kill of sales-coordinator: connection refused"));
  EXPECT_TRUE(progress_.state().faults[0].felt);
  EXPECT_THAT(Apply(FaultEvent(111, kFaultHealed, 7)),
              ElementsAre("taken back after 10 s: kill of sales-coordinator"));
  EXPECT_TRUE(progress_.state().faults[0].healed);
  EXPECT_THAT(Apply(FaultEvent(113, kFaultRecovered, 7)),
              ElementsAre("over after 12 s: kill of sales-coordinator"));
  EXPECT_THAT(progress_.state().faults, IsEmpty());
}

TEST_F(RunProgressTest, NoFaultOutlivesItsCase) {
  BeginKill();
  Apply(FaultEvent(101, kFaultInjected, 8));  // by a process that is killed, as F-18 does
  Apply(CaseEnd(102, kKillTest, "passed", 2'000, 7));
  EXPECT_THAT(progress_.state().faults, IsEmpty());
}

TEST_F(RunProgressTest, ACaseThatNeverEndedIsToldWhenTheNextOneBegins) {
  BeginKill(100, 7);
  EXPECT_THAT(Apply(CaseStart(200, "LoadTest.EndsInTime", "", 8)),
              ElementsAre("F-3 sales did not finish"));
  EXPECT_EQ(progress_.state().Count(ResultState::kDidNotFinish), 1);
  EXPECT_EQ(progress_.state().activity->name, "L-3");
}

TEST_F(RunProgressTest, ALoadRunTellsItsPhasesAndWhereItIs) {
  Apply(EventAt(0, "load.start"));
  EXPECT_THAT(Apply(LoadAt(1, "spawn", 0)), ElementsAre("load run: phase spawn"));
  EXPECT_THAT(Apply(LoadAt(10, "load", 2)), ElementsAre("load run: phase load"));
  EXPECT_THAT(Apply(LoadAt(12, "load", 4)), IsEmpty());
  ASSERT_THAT(progress_.state().load->teams, SizeIs(2));
  EXPECT_EQ(progress_.state().load->teams[1].finished, 130);
  EXPECT_EQ(progress_.state().load->duration, std::chrono::seconds(300));
  Apply(EventAt(320, "load.end"));
  EXPECT_FALSE(progress_.state().load);
}

TEST_F(RunProgressTest, EndsWithTheStack) {
  Apply(EventAt(0, "stack.up", {{"profile", "quick"}, {"teams", json::array({"sales"})}}));
  EXPECT_EQ(progress_.state().profile, "quick");
  EXPECT_THAT(Apply(EventAt(9, "stack.down", json::object({{"residue", "network x"}}))),
              ElementsAre("left behind: network x", "the stack was taken down"));
  EXPECT_TRUE(progress_.state().ended);
}

TEST_F(RunProgressTest, DamagedEventsChangeNothing) {
  EXPECT_THAT(Apply(json::object()), IsEmpty());
  EXPECT_THAT(Apply({{"at", 7}, {"event", kCaseStart}}), IsEmpty());
  EXPECT_THAT(Apply(EventAt(1, kCaseEnd, json::object({{"case", 4}}))), IsEmpty());
  EXPECT_THAT(Apply(EventAt(1, kFaultHealed, json::object({{"fault", "kill"}}))), IsEmpty());
  EXPECT_THAT(Apply(EventAt(1, "something.new")), IsEmpty());
  EXPECT_FALSE(progress_.state().activity);
}

TEST_F(RunProgressTest, TheStatusNamesWhatRunsWhatIsBrokenAndWhatWasJudged) {
  EXPECT_EQ(StatusText(progress_.state(), AtSecond(0)), "nothing has begun yet");
  progress_.SetPlanned(96);
  BeginKill(10);
  Apply(CaseEnd(11, kKillTest, "failed", 1'000, 7));  // no verdict: an error
  EXPECT_EQ(StatusText(progress_.state(), AtSecond(12)),
            "between two cases; 1 of 96 judged, 1 unproven");
  BeginKill(100);
  Apply(EventAt(100, kCaseDuration, json::object({{"duration_ms", 90'000}}), 7));
  Apply(FaultEvent(101, kFaultInjected, 7));
  Apply(FaultEvent(102, kFaultEffect, 7));
  EXPECT_EQ(StatusText(progress_.state(), AtSecond(134)),
            "F-3 sales runs for 34 s of 1:30; kill of sales-coordinator in effect; "
            "1 of 96 judged, 1 unproven");
}

TEST_F(RunProgressTest, TheStatusOfALoadRunIsItsOwn) {
  Apply(LoadAt(10, "load", 2));
  EXPECT_EQ(StatusText(progress_.state(), AtSecond(12)),
            "load 120/300 s: 20 workers, 650 of 1040 done");
}

}  // namespace
}  // namespace proving_ground
