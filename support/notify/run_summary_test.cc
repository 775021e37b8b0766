#include "support/notify/run_summary.h"

#include <gmock/gmock.h>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RunSummaryTest : public testing::Test {
 protected:
  std::filesystem::path Run(const std::string& name, const std::string& summary) {
    const auto folder = runs_.path() / name;
    MakeFolder(folder);
    if (!summary.empty()) WriteFileAtomically(folder / "summary.json", summary);
    return folder;
  }

  TemporaryFolder runs_{"runs"};
};

constexpr const char* kMissed = R"({"exit_code": 1, "headline": "NOT READY: a criterion was missed",
  "verdicts": [{"criterion": "L-1", "team": "", "outcome": "passed", "summary": "fine"},
               {"criterion": "L-2", "team": "sales", "outcome": "failed", "summary": "7 of 10"}]})";

TEST_F(RunSummaryTest, SaysWhatIsOpen) {
  const RunSummary run = ReadRunSummary(Run("20261130T021500Z-1", kMissed));
  EXPECT_FALSE(run.good());
  EXPECT_EQ(run.passed, 1);
  EXPECT_EQ(run.planned, 2);
  EXPECT_THAT(run.open, ElementsAre("L-2 sales: failed: 7 of 10"));
  EXPECT_THAT(run.missed, ElementsAre("L-2"));
  EXPECT_EQ(run.started, 1796004900);
}

TEST_F(RunSummaryTest, ARunWithoutASummaryIsNeverGood) {
  EXPECT_FALSE(ReadRunSummary(Run("a", "")).good());
  EXPECT_THAT(ReadRunSummary(Run("a", "")).headline, HasSubstr("left no summary"));
}

TEST_F(RunSummaryTest, ARunWithADamagedSummaryIsNeverGood) {
  EXPECT_FALSE(ReadRunSummary(Run("a", "{\"exit_code\": 0")).good());
  EXPECT_FALSE(ReadRunSummary(Run("b", "{\"exit_code\": 0}")).good());
  EXPECT_FALSE(ReadRunSummary(Run("c", "[]")).good());
  EXPECT_FALSE(ReadRunSummary(Run("d", R"({"exit_code": 0, "headline": "READY",
                                           "verdicts": [7]})"))
                   .good());
}

TEST_F(RunSummaryTest, AFolderThatIsNotThereIsAWrongCall) {
  EXPECT_THROW(ReadRunSummary(runs_.path() / "none"), UsageError);
}

TEST_F(RunSummaryTest, RunsAreFoundByTheirDate) {
  Run("20261130T021500Z-1", kMissed);
  Run("20261129T021500Z-1", kMissed);
  Run("20261101T021500Z-1", kMissed);
  Run("not-a-run", kMissed);
  std::filesystem::create_directory_symlink("20261130T021500Z-1", runs_.path() / "latest");
  const auto found = ReadRunsSince(runs_.path(), 1796004900 - 7 * 86400);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].run, "20261129T021500Z-1");
  EXPECT_EQ(found[1].run, "20261130T021500Z-1");
}

}  // namespace
}  // namespace proving_ground
