#include "support/audit/sweep/secrets_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::map<std::string, Coverage> kCovered = {{"containers", {3, 3}}};

SweepResult Found(Severity severity) {
  return {.findings = {{"SEC-01", severity, {.service = "db"}, "in the environment: x", "y"}}};
}

TEST(SecretsVerdictTest, NothingFoundAndEverythingLookedAtPasses) {
  const Verdict verdict = SecretsVerdict("S-3", {}, {20, 20}, kCovered);
  EXPECT_EQ(verdict.outcome, Outcome::kPassed);
  EXPECT_FALSE(verdict.measures.empty());
}

TEST(SecretsVerdictTest, SeverityDecides) {
  for (const Severity severity : {Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    EXPECT_EQ(SecretsVerdict("S-3", Found(severity), {1, 1}, kCovered).outcome, Outcome::kFailed);
  }
  const Verdict told = SecretsVerdict("S-3", Found(Severity::kLow), {1, 1}, kCovered);
  EXPECT_EQ(told.outcome, Outcome::kPassed);
  EXPECT_THAT(told.details, SizeIs(1));
}

TEST(SecretsVerdictTest, WhatWasNotLookedAtIsNoPass) {
  const SweepResult missing = {.unevaluated = {{"SEC-03", {.service = "api"}, "it is gone"}}};
  const Verdict verdict = SecretsVerdict("S-3", missing, {1, 1}, kCovered);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.details.at(0), HasSubstr("it is gone"));
  EXPECT_EQ(SecretsVerdict("S-3", {}, {1, 1}, {{"images", {2, 1}}}).outcome,
            Outcome::kInconclusive);
  EXPECT_EQ(SecretsVerdict("S-3", {}, {1, 1}, {{"images", {0, 0}}}).outcome,
            Outcome::kInconclusive);
}

TEST(SecretsVerdictTest, ASearchThatMissesWhatWasPlantedProvesNothing) {
  EXPECT_EQ(SecretsVerdict("S-3", {}, {20, 19}, kCovered).outcome, Outcome::kInconclusive);
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
