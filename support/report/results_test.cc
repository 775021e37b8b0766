#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/report/criteria.h"
#include "support/report/events.h"
#include "support/report/run_folder.h"
#include "support/report/run_model_loader.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ResultsTest : public testing::Test {
 protected:
  ResultsTest() {
    folder_.WriteFacts({{"teams", std::vector<std::string>{"alpha", "beta-2"}},
                        {"service_teams", {{"redis", ""}, {"alpha-worker", "alpha"}}},
                        {"suites", std::vector<std::string>{"load"}}});
  }

  void Write(std::string_view id, Outcome outcome, const std::string& subject = "") {
    folder_.WriteVerdict({.criterion = std::string(id),
                          .team = subject,
                          .outcome = outcome,
                          .summary = "49 of 50",
                          .measures = {{"completed workers", 0.98, ">=", 0.9, "ratio", 50}}});
  }

  void WriteAll() {
    for (const Criterion& criterion : Criteria()) {
      if (criterion.suite != "load") continue;
      if (criterion.scope == Scope::kStack) {
        Write(criterion.id, Outcome::kPassed);
      } else {
        for (const char* team : {"alpha", "beta-2"}) Write(criterion.id, Outcome::kPassed, team);
      }
    }
  }

  void Start(const std::string& test, const std::string& subject = "", int pid = 7) {
    folder_.AppendEvent(kCaseStart, {{"case", test + "/" + subject},
                                     {"test", test},
                                     {"subject", subject},
                                     {"file", "suites/load/x_test.cc"},
                                     {"line", 12},
                                     {"pid", pid}});
  }

  void End(const std::string& test, const std::string& result, const std::string& subject = "",
           int pid = 7) {
    folder_.AppendEvent(kCaseEnd, {{"case", test + "/" + subject},
                                   {"result", result},
                                   {"duration_ms", 1'250},
                                   {"failures", std::vector<std::string>{"x_test.cc:13: broken"}},
                                   {"pid", pid}});
  }

  RunModel Load(LoadOptions options = {}) { return LoadRunModel(folder_.path(), options); }

  CriterionResult Result(const std::string& name, const LoadOptions& options = {}) {
    for (const CriterionResult& result : Load(options).results) {
      if (result.Name() == name) return result;
    }
    ADD_FAILURE() << "no result " << name;
    return {};
  }

  TemporaryFolder temporary_{"results-test"};
  RunFolder folder_{temporary_.path() / "run"};
};

TEST_F(ResultsTest, WithAVerdictForEachPlannedCriterionTheRunIsReady) {
  WriteAll();
  const RunModel model = Load();
  EXPECT_EQ(model.exit_code, ExitCode::kProven) << testing::PrintToString(model.reasons);
  EXPECT_EQ(model.Count(ResultState::kPassed), 10);
  EXPECT_THAT(model.not_proven, IsEmpty());
}

TEST_F(ResultsTest, AMissingVerdictIsNotRun) {
  WriteAll();
  std::filesystem::remove(folder_.path() / "verdicts" / "L-2.beta-2.json");
  const RunModel model = Load();
  EXPECT_THAT(model.reasons, ElementsAre("L-2 beta-2 not run"));
  EXPECT_EQ(model.exit_code, ExitCode::kInconclusive);
  EXPECT_THAT(model.not_proven, SizeIs(1));
}

TEST_F(ResultsTest, SuitesThatWereAskedForAreOwedWhateverTheRunWroteDown) {
  WriteAll();
  const RunModel model = Load({.suites = {"load", "chaos"}});
  EXPECT_THAT(model.reasons, ElementsAre("C-1 not run"));
}

TEST_F(ResultsTest, EveryServiceOwesItsVerdict) {
  Write("S-1", Outcome::kPassed, "redis");
  const LoadOptions security{.suites = {"security"}};
  EXPECT_EQ(Result("S-1 redis", security).state, ResultState::kPassed);
  const CriterionResult missing = Result("S-1 alpha-worker", security);
  EXPECT_EQ(missing.state, ResultState::kNotRun);
  EXPECT_EQ(missing.team, "alpha");
  EXPECT_EQ(missing.service, "alpha-worker");
}

TEST_F(ResultsTest, ACaseThatBeganAndNeverEndedDidNotFinish) {
  Start("TeamLoadTest.WorkersOfTheTeamComplete", "beta_2");
  const CriterionResult result = Result("L-2 beta-2");
  EXPECT_EQ(result.state, ResultState::kDidNotFinish);
  EXPECT_EQ(result.line, 12);
  EXPECT_EQ(result.duration, std::nullopt);
  EXPECT_THAT(result.summary, HasSubstr("killed"));
}

TEST_F(ResultsTest, AGoodVerdictOfACaseThatNeverEndedIsNotBelieved) {
  Start("LoadTest.EndsInTime");
  Write("L-3", Outcome::kPassed);
  EXPECT_EQ(Result("L-3").state, ResultState::kDidNotFinish);
  Write("L-3", Outcome::kFailed);
  EXPECT_EQ(Result("L-3").state, ResultState::kFailed) << "a bad one is";
}

TEST_F(ResultsTest, ACaseThatFailsBesideAGoodVerdictIsAnError) {
  Start("LoadTest.EndsInTime");
  Write("L-3", Outcome::kPassed);
  End("LoadTest.EndsInTime", "failed");
  const CriterionResult result = Result("L-3");
  EXPECT_EQ(result.state, ResultState::kError);
  EXPECT_THAT(result.failures, ElementsAre("x_test.cc:13: broken"));
  EXPECT_EQ(result.duration, std::chrono::milliseconds(1'250));
}

TEST_F(ResultsTest, ACaseWithoutVerdictIsInconclusiveHoweverItEnded) {
  Start("LoadTest.EndsInTime");
  End("LoadTest.EndsInTime", "passed");
  EXPECT_EQ(Result("L-3").state, ResultState::kInconclusive);
}

TEST_F(ResultsTest, TheLastAttemptCounts) {
  Start("LoadTest.EndsInTime", "", 7);
  Write("L-3", Outcome::kPassed);
  Start("LoadTest.EndsInTime", "", 8);
  End("LoadTest.EndsInTime", "passed", "", 8);
  EXPECT_EQ(Result("L-3").state, ResultState::kPassed);
  Start("LoadTest.EndsInTime", "", 9);
  End("LoadTest.EndsInTime", "passed", "", 8);
  EXPECT_EQ(Result("L-3").state, ResultState::kDidNotFinish) << "an end of another process";
}

TEST_F(ResultsTest, WithoutAPlanTheCasesThatAProcessSelectedAreIt) {
  folder_.WriteFacts(json::object({{"suites", json::array()}}));
  folder_.AppendEvent(
      kCasesPlanned,
      json::object(
          {{"cases",
            json::array({json::object({{"test", "LoadTest.EndsInTime"}, {"subject", ""}}),
                         json::object({{"test", "LoadTest.NoTeamStarves"}, {"subject", ""}})})}}));
  Start("LoadTest.EndsInTime");
  Write("L-3", Outcome::kPassed);
  End("LoadTest.EndsInTime", "passed");
  const RunModel model = Load();
  EXPECT_THAT(model.results, SizeIs(2));
  EXPECT_THAT(model.reasons, ElementsAre("L-9 not run"));
}

TEST_F(ResultsTest, ALineThatWasCutOffIsLeftOutAndLosesNothingElse) {
  WriteAll();
  std::ofstream(folder_.Events(), std::ios::app) << R"({"at":"2026-01-01T00:00:00Z","eve)";
  EXPECT_EQ(Load().exit_code, ExitCode::kProven);
}

TEST_F(ResultsTest, DamagedPartsAreNamedAndTheRestIsRead) {
  WriteAll();
  WriteFileAtomically(folder_.AuditRecord(), "{");
  WriteFileAtomically(folder_.LoadRecording(), "[]");
  WriteFileAtomically(folder_.path() / "verdicts" / "F-1.json", "{\"criterion\": \"F-1\"");
  const RunModel model = Load();
  EXPECT_THAT(model.unreadable, SizeIs(3));
  EXPECT_EQ(model.Count(ResultState::kPassed), 10);
  EXPECT_EQ(model.exit_code, ExitCode::kInternal);
}

TEST_F(ResultsTest, AnErrorOfACaseIsOverOnceThatCaseEndedWell) {
  WriteAll();
  folder_.WriteError("LoadTest.EndsInTime.", 4, "no engine");
  Start("LoadTest.EndsInTime");
  End("LoadTest.EndsInTime", "failed");
  EXPECT_THAT(Load().errors, SizeIs(1));
  Start("LoadTest.EndsInTime");
  End("LoadTest.EndsInTime", "passed");
  EXPECT_THAT(Load().errors, IsEmpty());
}

TEST_F(ResultsTest, FaultsBelongToTheCaseInWhichTheyWereInjected) {
  Start("CoordinatorCrash.IsHealedByTheRestartPolicyAlone", "beta_2");
  const json fault = {{"fault", "crash"}, {"target", "beta-2-coordinator"}, {"pid", 7}};
  folder_.AppendEvent(kFaultInjected, fault);
  json effect = fault;
  effect["evidence"] = "exit code 139";
  folder_.AppendEvent(kFaultEffect, effect);
  const RunModel open = Load();
  ASSERT_THAT(open.faults, SizeIs(1));
  EXPECT_TRUE(open.faults[0].Open());
  EXPECT_EQ(open.faults[0].criterion, "F-2");
  EXPECT_EQ(open.faults[0].team, "beta-2");
  EXPECT_EQ(open.faults[0].evidence, "exit code 139");
  folder_.AppendEvent(kFaultHealed, fault);
  EXPECT_FALSE(Load().faults[0].Open());
}

TEST_F(ResultsTest, StepsWithoutAnEndDidNotFinish) {
  folder_.AppendEvent(kStepStart, json::object({{"step", "load.run"}}));
  const RunModel model = Load();
  ASSERT_THAT(model.steps, SizeIs(1));
  EXPECT_EQ(model.steps[0].duration, std::nullopt);
  EXPECT_FALSE(model.finished);
}

TEST_F(ResultsTest, AFolderThatIsNoneIsAUsageError) {
  EXPECT_THROW(LoadRunModel(temporary_.path() / "none", {}), UsageError);
}

}  // namespace
}  // namespace proving_ground
