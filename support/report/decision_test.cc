#include "support/report/decision.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

RunModel Model(const std::vector<ResultState>& states) {
  RunModel model;
  int number = 0;
  for (const ResultState state : states) {
    model.results.push_back({.criterion = "L-" + std::to_string(++number), .state = state});
  }
  return model;
}

int Code(RunModel model, const FailOn& fail_on = {}) {
  Decide(fail_on, model);
  return static_cast<int>(model.exit_code);
}

int StrictCode(const RunModel& model) { return Code(model, FailOn::Strict()); }

FailOn On(const std::string& word) {
  FailOn fail_on;
  AddFailOn(word, fail_on);
  return fail_on;
}

TEST(DecisionTest, AllPassedIsProven) {
  const RunModel model = Model({ResultState::kPassed, ResultState::kPassed});
  EXPECT_EQ(Code(model), 0);
  EXPECT_EQ(StrictCode(model), 0);
}

TEST(DecisionTest, NothingJudgedProvesNothing) {
  EXPECT_EQ(Code(Model({})), 2);
  EXPECT_EQ(Code(Model({ResultState::kSkipped})), 2);
}

TEST(DecisionTest, AMissedCriterionOutweighsAllElse) {
  RunModel model = Model({ResultState::kPassed, ResultState::kFailed, ResultState::kInconclusive,
                          ResultState::kError, ResultState::kNotRun});
  model.errors.push_back({"stack.down", 4, "gone"});
  Decide({}, model);
  EXPECT_EQ(model.exit_code, ExitCode::kCriterionFailed);
  EXPECT_THAT(model.reasons.front(), testing::Eq("L-2 failed"));
}

struct OpenState {
  ResultState state;
  int lenient;
  int strict;
  const char* word;
};

class OpenStateTest : public testing::TestWithParam<OpenState> {};

TEST_P(OpenStateTest, DecidesByItsOwnRuleAndFailsWhereItIsNamed) {
  const auto& [state, lenient, strict, word] = GetParam();
  const RunModel model = Model({ResultState::kPassed, state});

  EXPECT_EQ(Code(model), lenient);
  EXPECT_EQ(StrictCode(model), strict);
  EXPECT_EQ(Code(model, On(word)), 1);
  EXPECT_EQ(Code(Model({ResultState::kPassed}), On(word)), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Each, OpenStateTest,
    testing::Values(OpenState{ResultState::kInconclusive, 2, 1, "inconclusive"},
                    OpenState{ResultState::kSkipped, 0, 1, "skipped"},
                    OpenState{ResultState::kNotRun, 2, 1, "not-run"},
                    OpenState{ResultState::kDidNotFinish, 2, 1, "did-not-finish"},
                    OpenState{ResultState::kError, 5, 5, "error"}));

TEST(DecisionTest, ErrorsOfTheHarnessKeepTheirExitStatus) {
  for (const auto& [status, code] :
       std::vector<std::pair<int, int>>{{3, 3}, {4, 4}, {5, 5}, {134, 5}}) {
    RunModel model = Model({ResultState::kPassed, ResultState::kNotRun});
    model.errors.push_back({"stack.up", status, "no engine answers"});
    EXPECT_EQ(Code(model), code) << status;
    EXPECT_EQ(StrictCode(model), code) << status;
  }
}

TEST(DecisionTest, ADamagedFolderIsNeverGood) {
  RunModel model = Model({ResultState::kPassed});
  model.unreadable.emplace_back("audit.json cannot be read");
  EXPECT_EQ(Code(model), 5);
}

TEST(DecisionTest, ResidueIsAWarningUnlessItIsNamed) {
  RunModel model = Model({ResultState::kPassed});
  model.residue = "network x";
  EXPECT_EQ(StrictCode(model), 0);
  EXPECT_EQ(Code(model, On("residue")), 1);
}

TEST(DecisionTest, ASecretInTheRunsOwnFilesIsNeverGood) {
  RunModel model = Model({ResultState::kPassed});
  model.leaks.emplace_back("report.html:1 holds secret redis-sales");
  model.errors.push_back({"stack.down", 4, "no engine answers"});
  Decide({}, model);
  EXPECT_EQ(model.exit_code, ExitCode::kCriterionFailed);
  EXPECT_THAT(model.headline, StartsWith("NOT READY"));
  EXPECT_THAT(model.reasons.front(), HasSubstr("at 1 place"));
}

TEST(DecisionTest, FindingsFailFromTheNamedSeverityOn) {
  RunModel model = Model({ResultState::kPassed});
  model.audit.emplace();
  model.audit->result.findings.push_back({.rule = "RES-01", .severity = Severity::kLow});
  EXPECT_EQ(Code(model), 0);
  EXPECT_EQ(Code(model, On("medium")), 0);
  EXPECT_EQ(Code(model, On("low")), 1);
  EXPECT_EQ(Code(model, On("info")), 1);
}

TEST(DecisionTest, AnUnknownWordIsAnErrorThatNamesTheKnownOnes) {
  FailOn fail_on;
  try {
    AddFailOn("warnings", fail_on);
    FAIL() << "it was accepted";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did-not-finish"));
    EXPECT_THAT(error.what(), HasSubstr("critical"));
  }
}

TEST(DecisionTest, TheHeadlineSaysWhatToThink) {
  const auto headline = [](const std::vector<ResultState>& states) {
    RunModel model = Model(states);
    Decide({}, model);
    return model.headline;
  };
  EXPECT_THAT(headline({ResultState::kPassed}), StartsWith("READY"));
  EXPECT_THAT(headline({ResultState::kPassed, ResultState::kSkipped}),
              StartsWith("PROVEN IN PART"));
  EXPECT_THAT(headline({ResultState::kFailed}), StartsWith("NOT READY"));
  EXPECT_THAT(headline({ResultState::kDidNotFinish}), HasSubstr("did not finish"));
}

}  // namespace
}  // namespace proving_ground
