#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/report/criteria.h"
#include "support/report/run_folder.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class RunFolderTest : public testing::Test {
 protected:
  void Write(std::string_view id, Outcome outcome) {
    folder_.WriteVerdict({.criterion = std::string(id),
                          .outcome = outcome,
                          .summary = "49 of 50",
                          .measures = {{"completed workers", 0.98, ">=", 0.9, "ratio", 50}}});
  }

  TemporaryFolder temporary_{"report-test"};
  RunFolder folder_{temporary_.path() / "run"};
};

TEST_F(RunFolderTest, ALaterVerdictReplacesAnEarlierOne) {
  Write("L-1", Outcome::kFailed);
  Write("L-1", Outcome::kPassed);
  ASSERT_THAT(folder_.ReadVerdicts(), SizeIs(1));
  EXPECT_EQ(folder_.ReadVerdicts()[0].outcome, Outcome::kPassed);
}

TEST_F(RunFolderTest, EventsAreWholeLinesOfJson) {
  folder_.AppendEvent("phase", nlohmann::json::object({{"name", "spawn\nload"}}));
  Write("L-1", Outcome::kPassed);

  std::ifstream events(folder_.Events());
  int lines = 0;
  for (std::string line; std::getline(events, line); ++lines) {
    EXPECT_TRUE(nlohmann::json::parse(line).contains("at")) << line;
  }
  EXPECT_EQ(lines, 2);
  EXPECT_THAT(folder_.ReadEvents(), SizeIs(2));
}

TEST_F(RunFolderTest, ADamagedVerdictIsReportedNotSkipped) {
  Write("L-2", Outcome::kPassed);
  WriteFileAtomically(folder_.path() / "verdicts" / "L-1.json", "{\"criterion\": \"L-1\"");
  EXPECT_THROW(folder_.ReadVerdicts(), EnvironmentError);
  std::vector<std::string> damaged;
  EXPECT_THAT(folder_.ReadVerdicts(damaged), SizeIs(1));
  EXPECT_THAT(damaged, testing::ElementsAre(HasSubstr("L-1.json")));
}

TEST_F(RunFolderTest, FactsOfOtherNamesAreKept) {
  folder_.WriteFacts(nlohmann::json::object({{"engine", "1"}}));
  folder_.WriteFacts({{"engine", "2"}, {"cores", 2}});
  EXPECT_EQ(folder_.ReadFacts().dump(), R"({"cores":2,"engine":"2"})");
}

TEST(MeasureTest, TheMarginIsAShareOfTheLimit) {
  EXPECT_NEAR(*(Measure{"downtime", 10, "<=", 40, "s", 1}.Margin()), 0.75, 1e-9);
  EXPECT_NEAR(*(Measure{"downtime", 50, "<=", 40, "s", 1}.Margin()), -0.25, 1e-9);
  EXPECT_NEAR(*(Measure{"ok", 0.99, ">=", 0.9, "ratio", 1}.Margin()), 0.1, 1e-9);
  EXPECT_EQ((Measure{"lost", 0, "<=", 0, "tasks", 1}.Margin()), std::nullopt);
}

TEST(CriteriaTest, IdsAndTestsAreUniqueAndFound) {
  std::vector<std::string_view> seen;
  for (const Criterion& criterion : Criteria()) {
    EXPECT_THAT(seen, Not(Contains(criterion.id)));
    EXPECT_THAT(seen, Not(Contains(criterion.test)));
    EXPECT_EQ(FindCriterion(criterion.id), &criterion);
    EXPECT_EQ(CriterionOfTest(criterion.test), &criterion);
    seen.push_back(criterion.id);
    seen.push_back(criterion.test);
  }
  EXPECT_EQ(FindCriterion("L-0"), nullptr);
  EXPECT_EQ(CriterionOfTest("LoadTest.Nothing"), nullptr);
}

}  // namespace
}  // namespace proving_ground
