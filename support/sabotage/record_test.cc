#include "support/sabotage/record.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

SabotageResult Result(const std::string& name, const std::string& group) {
  SabotageResult result;
  result.name = name;
  result.group = group;
  result.seconds = 2;
  return result;
}

Sabotage Entry(const std::string& name) {
  Sabotage sabotage;
  sabotage.name = name;
  sabotage.group = "load";
  sabotage.must = {"L-1"};
  return sabotage;
}

// Two sabotages, one of them missed, one look-alike that fooled somebody.
SabotageRecord SmallRecord() {
  SabotageRecord record;
  SabotageResult caught = Result("load-a", "load");
  caught.caught = {"L-1", "L-2"};
  SabotageResult missed = Result("failover-b", "failover");
  missed.missed = {"F-1"};
  missed.blamed = {"F-3"};
  SabotageResult fooled = Result("lookalike-c", "lookalike");
  fooled.blamed = {"S-1"};
  for (const auto& result : {caught, missed, fooled}) record.results[result.name] = result;
  record.clean = {.runs = 2, .verdicts = 80, .alarms = {"2 F-4"}, .unclear = 1};
  return record;
}

TEST(SabotageRecordTest, SurvivesAFile) {
  const TemporaryFolder folder("record");
  const auto file = folder.path() / "record.json";
  EXPECT_THAT(ReadRecord(file).results, IsEmpty());

  WriteRecord(SmallRecord(), file);
  const SabotageRecord read = ReadRecord(file);

  EXPECT_THAT(read.results, SizeIs(3));
  EXPECT_THAT(read.results.at("load-a").caught, ElementsAre("L-1", "L-2"));
  EXPECT_EQ(read.clean.runs, 2);
  EXPECT_THAT(read.clean.alarms, ElementsAre("2 F-4"));
  std::ofstream(file) << "{";
  EXPECT_THROW(ReadRecord(file), EnvironmentError);
}

TEST(SabotageRecordTest, TakesResultsAndForgetsSabotagesThatAreGone) {
  const TemporaryFolder folder("results");
  WriteResult(Result("load-a", "load"), folder.path() / "deep");
  WriteResult(Result("load-d", "load"), folder.path() / "deep");
  SabotageRecord record = SmallRecord();

  Update(record, ReadResults(folder.path() / "deep"), {Entry("load-a"), Entry("load-d")});

  EXPECT_THAT(record.results, SizeIs(2));
  EXPECT_THAT(record.results.at("load-a").caught, IsEmpty()) << "the new result replaces the old";
  EXPECT_THAT(ReadResults(folder.path() / "none"), IsEmpty());
}

TEST(SabotageRecordTest, ACriterionThatNoRunSawFailIsAFault) {
  Sabotage tried = Entry("load-a");
  tried.must = {"L-1", "L-2"};
  const auto faults = RecordFaults(SmallRecord(), {tried, Entry("load-new")});
  EXPECT_THAT(faults, SizeIs(Criteria().size() - 2 + 1)) << "all but L-1 and L-2, and one untried";
  EXPECT_THAT(faults, Contains("no run on record ever saw F-1 fail"));
  EXPECT_THAT(faults, Contains("load-new was never tried"));
}

TEST(SabotageRecordTest, ScoresBySuite) {
  const std::string table = ScoreTable(SmallRecord());
  EXPECT_THAT(table, HasSubstr("| load | 1 | 1 | 100 % | 2 of 2 | 2 s |"));
  EXPECT_THAT(table, HasSubstr("| failover | 1 | 0 | 0 % | 0 of 1 | 2 s |"));
  EXPECT_THAT(table, HasSubstr("| all | 2 | 1 | 50 % | 2 of 3 | 4 s |"));
  EXPECT_THAT(table, HasSubstr("Look-alikes: 1, of which 1 turned something red."));
  EXPECT_THAT(table, HasSubstr("False alarms: 1 in 2 runs"));
}

TEST(SabotageRecordTest, ListsWhatWasExpectedAndWhatWasSeen) {
  const std::string table = ResultTable(SmallRecord(), {Entry("load-a"), Entry("load-z")});
  EXPECT_THAT(table, HasSubstr("| load-a | L-1 | L-1 L-2 | – | – | 2.0 |"));
  EXPECT_THAT(table, HasSubstr("| load-z | L-1 | not tried |"));
}

TEST(SabotageRecordTest, ReplacesTheTableInAText) {
  EXPECT_EQ(WithScore("a\n<!-- score -->\nold\n<!-- /score -->\nb\n", "new\n"),
            "a\n<!-- score -->\nnew\n<!-- /score -->\nb\n");
  EXPECT_THROW(WithScore("a\n", "new\n"), UsageError);
}

TEST(SabotageRecordTest, ATryWithOtherExpectationsIsNone) {
  SabotageRecord record;
  SabotageResult result = Result("load-a", "load");
  result.caught = {"L-1"};
  record.results["load-a"] = result;
  Sabotage sabotage = Entry("load-a");
  const auto changed = Contains(HasSubstr("load-a was not tried since"));
  EXPECT_THAT(RecordFaults(record, {sabotage}), testing::Not(changed));

  sabotage.abstain = {"L-4"};
  EXPECT_THAT(RecordFaults(record, {sabotage}), changed);
  sabotage.abstain.clear();
  sabotage.must = {"L-2"};
  EXPECT_THAT(RecordFaults(record, {sabotage}), changed);
}

TEST(SabotageRecordTest, ACleanRunWithoutVerdictsIsUnclear) {
  std::map<std::string, Outcome> outcomes;
  for (const Criterion& criterion : Criteria()) {
    outcomes[std::string(criterion.id)] = Outcome::kPassed;
  }
  const CleanRun good = JudgeCleanRun(1, outcomes);
  EXPECT_THAT(good.alarms, IsEmpty());
  EXPECT_THAT(good.unclear, IsEmpty());

  outcomes["L-1"] = Outcome::kFailed;
  outcomes["L-2"] = Outcome::kInconclusive;
  outcomes.erase("L-3");
  const CleanRun bad = JudgeCleanRun(2, outcomes);
  EXPECT_THAT(bad.alarms, ElementsAre("L-1"));
  EXPECT_THAT(bad.unclear, ElementsAre("L-2", "L-3"));

  const TemporaryFolder folder("clean");
  WriteCleanRun(bad, folder.path() / "deep");
  WriteCleanRun(good, folder.path() / "deep");
  const CleanRuns sum = Sum(ReadCleanRuns(folder.path() / "deep"));
  EXPECT_EQ(sum.runs, 2);
  EXPECT_EQ(sum.verdicts, static_cast<int>(2 * Criteria().size() - 1));
  EXPECT_THAT(sum.alarms, ElementsAre("2 L-1"));
  EXPECT_EQ(sum.unclear, 2);

  WriteCleanRun(JudgeCleanRun(2, outcomes), folder.path() / "deep");
  WriteCleanRun(JudgeCleanRun(3, {}), folder.path() / "deep");
  const CleanRuns more = Sum(ReadCleanRuns(folder.path() / "deep"));
  EXPECT_EQ(more.runs, 4) << "what was repeated is one more";
  EXPECT_THAT(more.alarms, ElementsAre("2 L-1", "2 L-1"));
  EXPECT_EQ(more.unclear, static_cast<int>(2 + 2 + Criteria().size())) << "one broke off";

  std::ofstream(folder.path() / "deep" / "3.json") << R"({"number": 3})";
  EXPECT_THROW(ReadCleanRuns(folder.path() / "deep"), EnvironmentError);
  EXPECT_THAT(ReadCleanRuns(folder.path() / "none"), IsEmpty());
}

}  // namespace
}  // namespace proving_ground
