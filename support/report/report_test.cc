#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/report/criteria.h"
#include "support/report/run_folder.h"
#include "support/report/summary.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Plan kPlan = {.suites = {"load"}, .teams = {"alpha", "beta"}};

class ReportTest : public testing::Test {
 protected:
  void WriteAll(Outcome outcome = Outcome::kPassed) {
    for (const Criterion& criterion : Criteria()) {
      if (criterion.scope != Scope::kStack) {
        for (const std::string& team : kPlan.teams) Write(criterion.id, outcome, team);
      } else {
        Write(criterion.id, outcome);
      }
    }
  }

  void Write(std::string_view id, Outcome outcome, const std::string& team = "") {
    folder_.WriteVerdict({.criterion = std::string(id),
                          .team = team,
                          .outcome = outcome,
                          .summary = "49 of 50",
                          .measures = {{"completed workers", 0.98, ">=", 0.9, "ratio", 50}}});
  }

  ExitCode Code(bool strict = false) { return Summarize(folder_, kPlan, strict).exit_code; }

  TemporaryFolder temporary_{"report-test"};
  RunFolder folder_{temporary_.path() / "run"};
};

TEST_F(ReportTest, EverythingProvenIsReady) {
  WriteAll();
  const Summary summary = Summarize(folder_, kPlan, true);

  EXPECT_EQ(summary.exit_code, ExitCode::kProven);
  EXPECT_THAT(summary.not_run, IsEmpty());
  EXPECT_THAT(RenderTable(summary, false), HasSubstr("READY"));
}

TEST_F(ReportTest, NothingJudgedIsNeverReady) {
  EXPECT_EQ(Code(), ExitCode::kInconclusive);
  EXPECT_EQ(Summarize(folder_, {.suites = {}, .teams = {}}, false).exit_code,
            ExitCode::kInconclusive)
      << "an empty plan proves nothing";
}

TEST_F(ReportTest, EveryServiceOwesItsVerdict) {
  const Plan plan = {.suites = {"security"}, .teams = {}, .services = {"redis", "gateway"}};
  for (const Criterion& criterion : Criteria()) {
    Write(criterion.id, Outcome::kPassed, criterion.scope == Scope::kEachService ? "redis" : "");
  }
  const Summary summary = Summarize(folder_, plan, false);

  EXPECT_THAT(summary.not_run, testing::Contains("S-1 gateway"));
  EXPECT_THAT(summary.not_run, Not(testing::Contains("S-1 redis")));
  EXPECT_EQ(summary.exit_code, ExitCode::kInconclusive);
}

TEST_F(ReportTest, OneMissingVerdictIsNotReady) {
  WriteAll();
  std::filesystem::remove(folder_.path() / "verdicts" / "L-2.beta.json");
  const Summary summary = Summarize(folder_, kPlan, false);

  EXPECT_THAT(summary.not_run, ElementsAre("L-2 beta"));
  EXPECT_EQ(summary.exit_code, ExitCode::kInconclusive);
  EXPECT_EQ(Code(/*strict=*/true), ExitCode::kCriterionFailed);
}

TEST_F(ReportTest, AMissedCriterionDecides) {
  WriteAll();
  Write("L-6", Outcome::kInconclusive);
  Write("L-4", Outcome::kFailed);
  EXPECT_EQ(Code(), ExitCode::kCriterionFailed);
}

TEST_F(ReportTest, InconclusiveIsNotAPass) {
  WriteAll();
  Write("L-6", Outcome::kInconclusive);
  EXPECT_EQ(Code(), ExitCode::kInconclusive);
  EXPECT_EQ(Code(/*strict=*/true), ExitCode::kCriterionFailed);
}

TEST_F(ReportTest, ASkipLeavesTheVerdictToTheOthersButNotWhenStrict) {
  WriteAll();
  Write("L-9", Outcome::kSkipped);
  EXPECT_EQ(Code(), ExitCode::kProven);
  EXPECT_THAT(RenderTable(Summarize(folder_, kPlan, false), false), HasSubstr("IN PART"));
  EXPECT_EQ(Code(/*strict=*/true), ExitCode::kCriterionFailed);
  WriteAll(Outcome::kSkipped);
  EXPECT_EQ(Code(), ExitCode::kInconclusive) << "when all is skipped nothing is proven";
}

TEST_F(ReportTest, AHarnessErrorKeepsItsExitStatusAndMessage) {
  folder_.WriteError("stack.up", 4, "no engine answers; start one");
  const Summary summary = Summarize(folder_, kPlan, false);

  EXPECT_EQ(summary.exit_code, ExitCode::kEnvironment);
  EXPECT_THAT(RenderTable(summary, false), HasSubstr("stack.up: no engine answers; start one"));
}

TEST_F(ReportTest, ResidueIsAWarningAndNoVerdict) {
  WriteAll();
  folder_.WriteResidue("network x_team-sales");
  const Summary summary = Summarize(folder_, kPlan, true);

  EXPECT_EQ(summary.exit_code, ExitCode::kProven);
  EXPECT_THAT(RenderTable(summary, false), HasSubstr("left behind: network x_team-sales"));
}

TEST_F(ReportTest, AContractErrorIsAUsageError) {
  folder_.WriteError("stack.up", 3, "unknown team");
  EXPECT_EQ(Code(), ExitCode::kUsage);
}

TEST_F(ReportTest, ALaterVerdictReplacesAnEarlierOne) {
  Write("L-1", Outcome::kFailed);
  Write("L-1", Outcome::kPassed);
  EXPECT_THAT(folder_.ReadVerdicts(), SizeIs(1));
}

TEST_F(ReportTest, EventsAreWholeLinesOfJson) {
  folder_.AppendEvent("phase", {{"name", "spawn\nload"}});
  Write("L-1", Outcome::kPassed);

  std::ifstream events(folder_.path() / "events.ndjson");
  int lines = 0;
  for (std::string line; std::getline(events, line); ++lines) {
    EXPECT_TRUE(nlohmann::json::parse(line).contains("at")) << line;
  }
  EXPECT_EQ(lines, 2);
}

TEST_F(ReportTest, ADamagedVerdictIsReportedNotSkipped) {
  WriteAll();
  WriteFileAtomically(folder_.path() / "verdicts" / "L-1.json", "{\"criterion\": \"L-1\"");
  EXPECT_THROW(Summarize(folder_, kPlan, false), EnvironmentError);
}

TEST_F(ReportTest, ColourIsOnlyThereWhenAsked) {
  WriteAll();
  const Summary summary = Summarize(folder_, kPlan, false);
  EXPECT_THAT(RenderTable(summary, false), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(RenderTable(summary, true), HasSubstr("\x1b["));
}

TEST(CriteriaTest, IdsAreUniqueAndFound) {
  std::vector<std::string_view> seen;
  for (const Criterion& criterion : Criteria()) {
    EXPECT_THAT(seen, Not(Contains(criterion.id)));
    EXPECT_EQ(FindCriterion(criterion.id), &criterion);
    seen.push_back(criterion.id);
  }
  EXPECT_EQ(FindCriterion("L-0"), nullptr);
}

}  // namespace
}  // namespace proving_ground
