#include "support/audit/sweep/secrets_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Two services and the rest, looked at as a whole.
SecretsRecord Clean() {
  const Coverages covered = {{"containers", {3, 3}}};
  return {.services = {{"db", covered, {3, 100}}, {"api", covered, {3, 100}}, {"", covered, {}}},
          .control = {20, 20}};
}

Finding At(const std::string& service, Severity severity) {
  return {"SEC-01", severity, {.service = service}, "in the environment: x", "y"};
}

Outcome OutcomeOf(const SecretsRecord& record, const std::string& service) {
  // As the cases get it.
  return JudgeSecrets(SecretsRecordFromJson(ToJson(record)), "S-3", service).outcome;
}

TEST(SecretsVerdictTest, NothingFoundAndEverythingLookedAtPasses) {
  const Verdict verdict = JudgeSecrets(Clean(), "S-3", "db");
  EXPECT_EQ(verdict.outcome, Outcome::kPassed);
  EXPECT_EQ(verdict.team, "db");
  EXPECT_EQ(verdict.measures.at(0).samples, 3);
  EXPECT_EQ(OutcomeOf(Clean(), ""), Outcome::kPassed);
}

TEST(SecretsVerdictTest, SeverityDecides) {
  SecretsRecord record = Clean();
  for (const Severity severity : {Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    record.findings = {At("db", severity)};
    EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kFailed);
  }
  record.findings = {At("db", Severity::kLow)};
  const Verdict told = JudgeSecrets(record, "S-3", "db");
  EXPECT_EQ(told.outcome, Outcome::kPassed);
  EXPECT_THAT(told.details, SizeIs(1));
}

TEST(SecretsVerdictTest, EveryFindingIsJudgedOnce) {
  SecretsRecord record = Clean();
  record.findings = {At("db", Severity::kHigh)};
  EXPECT_EQ(OutcomeOf(record, "api"), Outcome::kPassed);
  EXPECT_EQ(OutcomeOf(record, ""), Outcome::kPassed);
  // Neither of a service that has a case nor of none: still judged.
  record.findings = {At("sidecar", Severity::kHigh)};
  EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kPassed);
  EXPECT_EQ(OutcomeOf(record, ""), Outcome::kFailed);
}

TEST(SecretsVerdictTest, WhatIsWaivedIsToldAndDoesNotFail) {
  SecretsRecord record = Clean();
  record.waived = {{At("db", Severity::kMedium), {.rule = "SEC-01", .expires = "2027-03-31"}}};
  const Verdict verdict = JudgeSecrets(SecretsRecordFromJson(ToJson(record)), "S-3", "db");
  EXPECT_EQ(verdict.outcome, Outcome::kPassed);
  EXPECT_THAT(verdict.details.at(0), HasSubstr("waived until 2027-03-31"));
}

TEST(SecretsVerdictTest, WhatWasNotLookedAtIsNoPass) {
  SecretsRecord record = Clean();
  record.unevaluated = {{"SEC-03", {.service = "api"}, "it is gone"}};
  const Verdict verdict = JudgeSecrets(record, "S-3", "api");
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.details.at(0), HasSubstr("it is gone"));
  EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kPassed);
  for (const Coverage cover : {Coverage{2, 1}, Coverage{0, 0}}) {
    record = Clean();
    record.services.at(0).coverage["logs"] = cover;
    EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kInconclusive);
  }
  record.services.at(0).coverage.clear();
  EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kInconclusive);
}

TEST(SecretsVerdictTest, AServiceThatWasNotSearchedIsAnError) {
  EXPECT_THROW(JudgeSecrets(Clean(), "S-3", "late"), UsageError);
  EXPECT_THROW(SecretsRecordFromJson(nlohmann::json::object()), EnvironmentError);
}

TEST(SecretsVerdictTest, ASearchThatMissesWhatWasPlantedProvesNothing) {
  SecretsRecord record = Clean();
  record.control.found = 19;
  EXPECT_EQ(OutcomeOf(record, "db"), Outcome::kInconclusive);
}

TEST(SecretsVerdictTest, TheControlFindsWhatItPlants) {
  const SecretDetector detector;
  const std::vector<KnownSecret> secrets = {{"a", "9b1d77ae03c24f58"}, {"b", "sun4flower"}};
  const KnownSecrets known(secrets, Fingerprinter());
  const SweepControl control = TryControl(Sweep(detector, known), secrets);
  EXPECT_EQ(control.planted, 13);
  EXPECT_EQ(control.found, 13);
  // A search that was not told of a secret misses it.
  const KnownSecrets less({secrets[0]}, Fingerprinter());
  EXPECT_EQ(TryControl(Sweep(detector, less), secrets).found, 11);
}

}  // namespace
}  // namespace proving_ground
