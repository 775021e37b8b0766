#include "support/audit/sweep/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kKnown[] = "9b1d77ae03c24f58";

class SweepTest : public testing::Test {
 protected:
  SecretDetector detector_{Fingerprinter("salt")};
  KnownSecrets known_{{{"redis-sales", kKnown}}, Fingerprinter("salt")};
  Sweep sweep_{detector_, known_};
};

TEST_F(SweepTest, ASecretIsToldByPlaceAndFingerprintOnly) {
  sweep_.Search(Area::kEnvironment, {.service = "db", .field = "Config.Env DB_PASSWORD"},
                "DB_PASSWORD=sun4flower", TextKind::kEnvironmentEntry);
  const SweepResult result = sweep_.Take();
  ASSERT_THAT(result.findings, SizeIs(1));
  const Finding& finding = result.findings[0];
  EXPECT_EQ(finding.rule, "SEC-01");
  EXPECT_EQ(finding.severity, Severity::kHigh);
  EXPECT_THAT(finding.evidence, HasSubstr(Fingerprinter("salt").Of("sun4flower")));
  EXPECT_THAT(finding.evidence, Not(HasSubstr("sun4flower")));
  EXPECT_EQ(result.looked.at(Area::kEnvironment).places, 1);
}

TEST_F(SweepTest, TheRunsOwnSecretsAreFoundWhateverIsAroundThem) {
  sweep_.Search(Area::kLog, {.service = "gateway"}, std::string("x") + kKnown + "y",
                TextKind::kLog);
  sweep_.SearchKnown(Area::kImage, {.object = "image a"}, std::string("\0\1", 2) + kKnown);
  const SweepResult result = sweep_.Take();
  ASSERT_THAT(result.findings, SizeIs(2));
  for (const Finding& finding : result.findings) {
    EXPECT_EQ(finding.severity, Severity::kCritical);
    EXPECT_THAT(finding.evidence, HasSubstr("known secret redis-sales (raw), 16 bytes"));
    EXPECT_THAT(finding.evidence, Not(HasSubstr(kKnown)));
  }
}

TEST_F(SweepTest, WhatIsSaidTwiceIsOneFinding) {
  for (int container = 0; container < 50; ++container) {
    sweep_.Search(Area::kCommandLine, {.service = "worker"}, "worker --db-password sun4flower",
                  TextKind::kCommandLine, "sales");
  }
  const SweepResult result = sweep_.Take();
  EXPECT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.looked.at(Area::kCommandLine).places, 50);
  EXPECT_EQ(result.services.at("worker").places, 50);
  EXPECT_THAT(result.owned, Not(IsEmpty()));
}

TEST_F(SweepTest, AKnownSecretIsNotReportedTwice) {
  sweep_.Search(Area::kEnvironment, {.service = "db"}, std::string("DB_PASSWORD=") + kKnown,
                TextKind::kEnvironmentEntry);
  EXPECT_THAT(sweep_.Take().findings, SizeIs(1));
}

TEST_F(SweepTest, DoubtfulValuesInLogsAreToldOnly) {
  const std::string text = "POSTGRES_PASSWORD=postgres";
  sweep_.Search(Area::kEnvironment, {}, text, TextKind::kEnvironmentEntry);
  sweep_.Search(Area::kRedisValue, {}, text, TextKind::kRedisValue);
  const SweepResult result = sweep_.Take();
  ASSERT_THAT(result.findings, SizeIs(2));
  EXPECT_EQ(result.findings[0].severity, Severity::kMedium);
  EXPECT_EQ(result.findings[1].severity, Severity::kLow);
}

TEST_F(SweepTest, HarmlessTextIsNoFinding) {
  sweep_.Search(Area::kLog, {.service = "api"}, "token refreshed, expires in 3600 s",
                TextKind::kLog);
  EXPECT_THAT(sweep_.Take().findings, IsEmpty());
}

TEST_F(SweepTest, WhatIsLeftOutIsTold) {
  sweep_.LeaveOut({.object = "secret a"}, "its value is not known here");
  const SweepResult result = sweep_.Take();
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].severity, Severity::kInfo);
  EXPECT_THAT(result.unevaluated, IsEmpty());
}

TEST_F(SweepTest, WhatCannotBeSearchedIsRemembered) {
  sweep_.CannotSearch(Area::kLog, {.service = "api"}, "it is gone");
  sweep_.Search(Area::kLog, {.service = "api"}, std::string(SecretDetector::kMaxText + 1, ' '),
                TextKind::kLog);
  EXPECT_THAT(sweep_.Take().unevaluated, SizeIs(2));
}

}  // namespace
}  // namespace proving_ground
