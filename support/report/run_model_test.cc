// What is read from a whole run folder, and what is drawn from it.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/report/attack_matrices.h"
#include "support/report/comparison.h"
#include "support/report/metrics.h"
#include "support/report/outputs.h"
#include "support/report/redaction.h"
#include "support/report/summary.h"
#include "support/report/testing/sample_run.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RunModelTest : public testing::Test {
 protected:
  RunModel Sample(const LoadOptions& options = {}) {
    return LoadRunModel(MakeSampleRun(temporary_.path() / "sample").path(), options);
  }
  RunModel Good() { return LoadRunModel(MakeGoodRun(temporary_.path() / "good").path(), {}); }

  TemporaryFolder temporary_{"run-model-test"};
};

TEST_F(RunModelTest, AGoodRunIsReady) {
  const RunModel model = Good();
  EXPECT_EQ(model.exit_code, ExitCode::kProven) << testing::PrintToString(model.reasons);
  EXPECT_TRUE(model.finished);
  EXPECT_THAT(model.unreadable, IsEmpty());
}

TEST_F(RunModelTest, ARunThatWasKilledHoldsWhatItHadLearned) {
  const RunModel model = Sample();
  EXPECT_EQ(model.exit_code, ExitCode::kCriterionFailed);
  EXPECT_FALSE(model.finished);
  EXPECT_EQ(model.Count(ResultState::kFailed), 1);
  EXPECT_EQ(model.Count(ResultState::kDidNotFinish), 1);
  EXPECT_GT(model.Count(ResultState::kNotRun), 30);
  EXPECT_THAT(model.reasons, Contains("F-2 sales did not finish"));
  ASSERT_THAT(model.faults, Not(IsEmpty()));
  EXPECT_TRUE(std::any_of(model.faults.begin(), model.faults.end(),
                          [](const FaultPeriod& fault) { return fault.Open(); }));
}

TEST_F(RunModelTest, TheLoadRunBecomesSeriesOfEachTeam) {
  const RunModel model = Sample();
  ASSERT_TRUE(model.load.has_value());
  ASSERT_THAT(model.load->teams, SizeIs(2));
  const TeamLoad& sales = model.load->teams[1];
  EXPECT_EQ(sales.team, "sales");
  EXPECT_EQ(sales.workers, 2);
  EXPECT_EQ(sales.complete_workers, 2);
  EXPECT_EQ(sales.finished, 20);
  EXPECT_EQ(sales.unfinished, 0);
  ASSERT_THAT(sales.points, Not(IsEmpty()));
  int finished = 0;
  int accepted = 0;
  for (const LoadPoint& point : sales.points) {
    finished += point.finished;
    accepted += point.accepted;
  }
  EXPECT_EQ(finished, 20);
  EXPECT_EQ(accepted, 20);
  ASSERT_TRUE(sales.response.p50.has_value());
  EXPECT_NEAR(*sales.response.p50, 30, 1) << "530 ms, less 500 ms of thinking";
  EXPECT_THAT(model.load->resources, Not(IsEmpty()));
  EXPECT_NEAR(*model.load->resources[0].ping_ms, 0.3, 0.001);
}

TEST_F(RunModelTest, AnExerciseBecomesASeriesWithItsGapsAndFaults) {
  const RunModel model = Sample();
  ASSERT_THAT(model.failover, Not(IsEmpty()));
  const FailoverExercise& exercise = model.failover.front();
  EXPECT_EQ(exercise.criterion, "F-1");
  EXPECT_NEAR(*exercise.downtime_s, 0.812, 1e-9);
  EXPECT_NEAR(*exercise.noise_floor_s, 0.014, 1e-9);
  EXPECT_NEAR(*exercise.limit_s, 30, 1e-9);
  ASSERT_THAT(exercise.gaps, SizeIs(1));
  ASSERT_THAT(exercise.faults, SizeIs(1));
  EXPECT_NEAR(*exercise.faults[0].recovered, 3.8, 1e-9);
  int ok = 0;
  int unknown = 0;
  for (const ProbePoint& point : exercise.points) {
    ok += point.ok;
    unknown += point.unknown;
  }
  EXPECT_EQ(unknown, 82);
  EXPECT_EQ(ok, 918);
  const auto on_the_clock = std::count_if(
      model.faults.begin(), model.faults.end(),
      [](const FaultPeriod& fault) { return fault.criterion == "F-1" && fault.recovered; });
  EXPECT_EQ(on_the_clock, 2) << "one a team";
}

TEST_F(RunModelTest, WhatServicesLoggedMeanwhileIsShownWithoutSecrets) {
  const RunModel model = Sample();
  ASSERT_THAT(model.logs, Not(IsEmpty()));
  for (const LogExcerpt& excerpt : model.logs) {
    EXPECT_EQ(excerpt.service, "sales-coordinator");
    EXPECT_LE(excerpt.lines.size(), kMostLogLines);
    for (const std::string& line : excerpt.lines) {
      EXPECT_THAT(line, AllOf(HasSubstr("error"), Not(HasSubstr(kSampleSecret))));
    }
  }
}

TEST_F(RunModelTest, NoOutputHoldsASecret) {
  const RunFolder folder = MakeSampleRun(temporary_.path() / "sample");
  WriteOutputs(folder, {}, temporary_.path());
  for (const auto& file : {folder.Summary(), folder.JUnit(), folder.Metrics(), folder.Markdown()}) {
    EXPECT_THAT(ReadFile(file), Not(HasSubstr(kSampleSecret))) << file;
  }
}

TEST_F(RunModelTest, TheStacksOwnSecretsAreWithheldWhateverTheyLookLike) {
  const auto file = temporary_.path() / "password";
  WriteFileAtomically(file, "correct horse battery\n");
  const Redactor redactor({file.string(), "/does/not/exist"});
  EXPECT_EQ(redactor.Cleaned("said correct horse battery twice: correct horse battery"),
            "said [withheld] twice: [withheld]");
  EXPECT_EQ(redactor.Cleaned("nothing here"), "nothing here");
}

TEST_F(RunModelTest, TheSummaryIsAPageThatShowsItsTextsAsTheyAre) {
  const std::string page = SummaryMarkdown(Sample());
  EXPECT_LT(std::count(page.begin(), page.end(), '\n'), 50);
  EXPECT_LT(page.size(), 8'000U);
  EXPECT_THAT(page, AllOf(HasSubstr("NOT READY"), HasSubstr("| F-1 sales | failed |"),
                          HasSubstr("did not finish"), Not(HasSubstr("<script>"))));
}

TEST_F(RunModelTest, TheTableNamesWhatIsOpen) {
  const std::string table = SummaryTable(Sample(), false);
  EXPECT_THAT(table, AllOf(HasSubstr("did not finish"), HasSubstr("not run"),
                           HasSubstr("NOT READY"), Not(HasSubstr("\x1b[38"))));
  EXPECT_THAT(SummaryTable(Good(), true), AllOf(HasSubstr("READY"), HasSubstr("\x1b[")));
}

TEST_F(RunModelTest, MetricsHoldEachCriterionOnceInBaseUnits) {
  const std::string text = MetricsText(Sample());
  EXPECT_THAT(text, HasSubstr("acceptance_criterion_observed{criterion=\"F-1\","
                              "measure=\"downtime\",service=\"\",suite=\"failover\","
                              "team=\"sales\",unit=\"seconds\"} 31.2"));
  EXPECT_THAT(text, HasSubstr("acceptance_results{state=\"did not finish\"} 1"));
  EXPECT_THAT(text, HasSubstr("acceptance_run_exit_code 1"));
}

TEST_F(RunModelTest, AComparisonPutsWhatGotWorseFirst) {
  const RunModel good = Good();
  const Comparison comparison = Compare(good, Sample());
  ASSERT_THAT(comparison.changes, Not(IsEmpty()));
  EXPECT_TRUE(comparison.changes.front().worse);
  EXPECT_THAT(comparison.changes,
              Contains(AllOf(Field(&Change::result, "F-1 sales"), Field(&Change::measure, ""),
                             Field(&Change::state_before, "passed"),
                             Field(&Change::state_after, "failed"))));
  EXPECT_THAT(comparison.changes,
              Contains(AllOf(Field(&Change::result, "F-1 sales"),
                             Field(&Change::measure, "downtime"), Field(&Change::worse, true))));
  EXPECT_THAT(Compare(good, good).changes, IsEmpty());
}

TEST(AttackMatricesTest, BreachesControlsAndMissingConnectionsAreCounted) {
  AttackReader reader;
  reader.Read("tokens", json::parse(R"({
      "attempts": [{"attack": "expired", "reply": "refused", "status": 401, "effect": false},
                   {"attack": "forged", "reply": "accepted", "status": 202, "effect": true},
                   {"attack": "note", "reply": "accepted", "effect": false, "may_be_accepted": true}],
      "controls": [{"attack": "rightful", "reply": "served", "status": 200, "effect": true},
                   {"attack": "other", "reply": "refused", "status": 401, "effect": false}]})"));
  reader.Read("cross-team-sales", json::parse(R"({"attacker": "sales", "cells": {
      "support/report": {"list": "hidden", "call": "refused"},
      "support/memory": {"list": "shared", "call": "leaked"}}})"));
  reader.Read("reachability", json::parse(R"({"pairs": [
      {"from": "worker", "to": "redis:6379", "passage": "forbidden", "tried": 4, "connected": 1},
      {"from": "worker", "to": "gateway:8080", "passage": "required", "tried": 4, "connected": 3}]})"));
  reader.Read("something-new", json::parse("{}"));
  const std::vector<AttackMatrix> matrices = reader.TakeMatrices();
  ASSERT_THAT(matrices, SizeIs(3));
  EXPECT_EQ(matrices[0].criterion, "S-2");
  EXPECT_THAT(matrices[0].columns, ElementsAre("support/memory", "support/report"));
  EXPECT_EQ(matrices[0].cells[0].breached, 1);
  EXPECT_EQ(matrices[0].cells[1].breached, 0);
  const auto& tokens = matrices[1].cells;
  EXPECT_EQ(tokens[0].breached, 0);
  EXPECT_EQ(tokens[1].breached, 1);
  EXPECT_EQ(tokens[2].breached, 0);
  EXPECT_EQ(tokens[3].allowed, 1);
  EXPECT_EQ(tokens[4].missing, 1);
  EXPECT_EQ(matrices[2].cells[0].breached, 1);
  EXPECT_EQ(matrices[2].cells[1].missing, 1);
}

}  // namespace
}  // namespace proving_ground
