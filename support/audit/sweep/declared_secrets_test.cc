#include "support/audit/sweep/declared_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

std::vector<std::string> ValuesOf(std::string_view content) {
  std::vector<std::string> values;
  for (const KnownSecret& known : KnownValues("s", content)) values.push_back(known.value);
  return values;
}

TEST(DeclaredSecretsTest, ALineIsOneValue) {
  EXPECT_THAT(ValuesOf("correct horse battery\n"), ElementsAre("correct horse battery"));
  EXPECT_THAT(ValuesOf("abc\n"), IsEmpty());
}

TEST(DeclaredSecretsTest, OfSeveralLinesTheRandomPartsCount) {
  const std::string first = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2Kd8vQz1xWc6Jt";
  const std::string hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  EXPECT_THAT(ValuesOf("-----BEGIN PRIVATE KEY-----\n" + first + "\n-----END PRIVATE KEY-----\n"),
              ElementsAre(first));
  EXPECT_THAT(ValuesOf("user default off ~* &* +@all\nuser sales on #" + hash + " ~team:sales:*\n"),
              ElementsAre(hash));
}

TEST(DeclaredSecretsTest, PublicKeysAreNoSecrets) {
  EXPECT_THAT(ValuesOf("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1vXm\n"
                       "-----END PUBLIC KEY-----\n"),
              IsEmpty());
}

TEST(DeclaredSecretsTest, FindsOutWhoIsGivenASecret) {
  const auto model = nlohmann::json::parse(R"({"services": {
    "a": {"secrets": [{"source": "one"}, "two"]}, "b": {"secrets": [{"source": "two"}]},
    "gateway": {"secrets": [{"source": "one"}]}, "odd": {"secrets": 7}}})");
  EXPECT_THAT(
      TeamsOfSecrets(model, {{"a", "sales"}, {"b", "support"}, {"gateway", ""}}),
      ElementsAre(Pair("one", ElementsAre("sales")), Pair("two", ElementsAre("sales", "support"))));
}

TEST(DeclaredSecretsTest, TheSameValueInTwoTeamsIsAFinding) {
  const Fingerprinter fingerprinter("salt");
  const std::vector<DeclaredSecret> apart = {{"redis-sales", "4f5c02aa91", {"sales"}, true},
                                             {"redis-support", "77ab3c9012", {"support"}, true}};
  EXPECT_THAT(SharedBetweenTeams(apart, {}, {}, fingerprinter), IsEmpty());

  std::vector<DeclaredSecret> same = apart;
  same[1].value = "4f5c02aa91\n";
  const auto findings = SharedBetweenTeams(same, {}, {}, fingerprinter);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "SEC-04");
  EXPECT_THAT(findings[0].evidence, HasSubstr("sales, support"));

  // One secret that both are given.
  EXPECT_THAT(
      SharedBetweenTeams({{"x", "4f5c02aa91", {"sales", "support"}, true}}, {}, {}, fingerprinter),
      SizeIs(1));
  // A declared one that stands in another team's environment.
  EXPECT_THAT(SharedBetweenTeams(apart, {}, {{"finance", "env", fingerprinter.Of("4f5c02aa91")}},
                                 fingerprinter),
              SizeIs(1));
}

TEST(DeclaredSecretsTest, WhatIsForNobodyMustNotBeGivenToServices) {
  const Fingerprinter fingerprinter("salt");
  const std::vector<DeclaredSecret> given = {{"redis-sales", "4f5c02aa91", {"sales"}, true}};
  EXPECT_THAT(SharedBetweenTeams(given, {{"operator's password", "4f5c02aa91\n", {}, false}}, {},
                                 fingerprinter),
              SizeIs(1));
  EXPECT_THAT(SharedBetweenTeams(given, {{"operator's password", "1234567890\n", {}, false}}, {},
                                 fingerprinter),
              IsEmpty());
}

}  // namespace
}  // namespace proving_ground
