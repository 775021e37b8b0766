#include "support/sabotage/result.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Sabotage Expecting(std::vector<std::string> must, std::vector<std::string> may = {}) {
  Sabotage sabotage;
  sabotage.name = "load-x";
  sabotage.group = "load";
  sabotage.must = std::move(must);
  sabotage.may = std::move(may);
  return sabotage;
}

const std::vector<std::string> kPlanned = {"L-1", "L-2", "L-3"};

TEST(SabotageResultTest, TellsCaughtMissedBlamedAndCollateralApart) {
  const SabotageResult result = Compare(Expecting({"L-1", "L-2"}, {"L-3"}), kPlanned,
                                        {{"L-1", Outcome::kFailed},
                                         {"L-2", Outcome::kPassed},
                                         {"L-3", Outcome::kFailed},
                                         {"L-4", Outcome::kFailed},
                                         {"L-5", Outcome::kPassed},
                                         {"L-6", Outcome::kInconclusive}});
  EXPECT_THAT(result.caught, ElementsAre("L-1"));
  EXPECT_THAT(result.missed, ElementsAre("L-2"));
  EXPECT_THAT(result.collateral, ElementsAre("L-3"));
  EXPECT_THAT(result.blamed, ElementsAre("L-4"));
  EXPECT_THAT(result.untouched, ElementsAre("L-5"));
  EXPECT_THAT(result.unclear, ElementsAre("L-6"));
  EXPECT_FALSE(result.AsExpected());
}

TEST(SabotageResultTest, OnlyAFailureCatches) {
  for (const Outcome outcome : {Outcome::kPassed, Outcome::kInconclusive, Outcome::kSkipped}) {
    EXPECT_FALSE(Compare(Expecting({"L-1"}), {"L-1"}, {{"L-1", outcome}}).AsExpected());
  }
  EXPECT_FALSE(Compare(Expecting({"L-1"}), {"L-1"}, {}).AsExpected()) << "no verdict at all";
  EXPECT_TRUE(Compare(Expecting({"L-1"}), {"L-1"}, {{"L-1", Outcome::kFailed}}).AsExpected());
}

TEST(SabotageResultTest, WhoMustAbstainMayNeitherPassNorBlame) {
  Sabotage sabotage = Expecting({});
  sabotage.abstain = {"L-1"};
  const SabotageResult abstained = Compare(sabotage, {"L-1"}, {{"L-1", Outcome::kInconclusive}});
  EXPECT_THAT(abstained.abstained, ElementsAre("L-1"));
  EXPECT_THAT(abstained.caught, IsEmpty()) << "nobody saw L-1 fail";
  EXPECT_TRUE(abstained.AsExpected());
  EXPECT_THAT(Compare(sabotage, {"L-1"}, {{"L-1", Outcome::kPassed}}).missed, ElementsAre("L-1"));
  EXPECT_THAT(Compare(sabotage, {"L-1"}, {}).missed, ElementsAre("L-1"));
  EXPECT_THAT(Compare(sabotage, {"L-1"}, {{"L-1", Outcome::kFailed}}).blamed, ElementsAre("L-1"));
}

TEST(SabotageResultTest, WhatWasPlannedAndGotNoVerdictIsUnclear) {
  EXPECT_THAT(Compare(Expecting({"L-1"}), kPlanned, {{"L-1", Outcome::kFailed}}).unclear,
              ElementsAre("L-2", "L-3"));
}

TEST(SabotageResultTest, ALookAlikeIsAsExpectedWhenNobodyComplains) {
  Sabotage sabotage = Expecting({});
  sabotage.group = "lookalike";
  EXPECT_TRUE(Compare(sabotage, {"S-1"}, {{"S-1", Outcome::kPassed}}).AsExpected());
  EXPECT_FALSE(Compare(sabotage, {"S-1"}, {{"S-1", Outcome::kFailed}}).AsExpected());
  EXPECT_FALSE(Compare(sabotage, {"S-1"}, {{"S-1", Outcome::kInconclusive}}).AsExpected());
  EXPECT_FALSE(Compare(sabotage, {"S-1"}, {}).AsExpected()) << "nobody judged it";
  SabotageResult broken = Compare(sabotage, {"S-1"}, {{"S-1", Outcome::kPassed}});
  broken.errors = {"no engine answers"};
  EXPECT_FALSE(broken.AsExpected());
}

TEST(SabotageResultTest, TheWorstOfAllTeamsCounts) {
  const auto verdict = [](const std::string& team, Outcome outcome) {
    return Verdict{.criterion = "L-2", .team = team, .outcome = outcome};
  };
  const auto worst =
      WorstOutcomes({verdict("a", Outcome::kSkipped), verdict("b", Outcome::kInconclusive),
                     verdict("c", Outcome::kPassed), verdict("d", Outcome::kFailed),
                     verdict("e", Outcome::kInconclusive)});
  EXPECT_EQ(worst.at("L-2"), Outcome::kFailed);
  EXPECT_EQ(WorstOutcomes({verdict("a", Outcome::kPassed), verdict("b", Outcome::kInconclusive)})
                .at("L-2"),
            Outcome::kInconclusive);
}

TEST(SabotageResultTest, SurvivesAFile) {
  SabotageResult result = Compare(Expecting({"L-1", "L-2"}, {"L-3"}), kPlanned,
                                  {{"L-1", Outcome::kFailed}, {"L-3", Outcome::kFailed}});
  result.seconds = 4.25;
  const SabotageResult read = SabotageResultFromJson(ToJson(result));
  EXPECT_EQ(read.name, "load-x");
  EXPECT_THAT(read.caught, ElementsAre("L-1"));
  EXPECT_THAT(read.missed, ElementsAre("L-2"));
  EXPECT_THAT(read.collateral, ElementsAre("L-3"));
  EXPECT_THAT(read.blamed, IsEmpty());
  EXPECT_NEAR(read.seconds, 4.25, 0.06);
  EXPECT_THROW(SabotageResultFromJson(nlohmann::json::object()), EnvironmentError);
}

TEST(SabotageResultTest, ReadsAsASentence) {
  SabotageResult result = Compare(Expecting({"L-1", "L-2"}), {}, {{"L-1", Outcome::kFailed}});
  result.seconds = 3;
  EXPECT_EQ(ResultText(result), "load-x: caught by L-1; missed by L-2 (3.0 s)");
}

}  // namespace
}  // namespace proving_ground
