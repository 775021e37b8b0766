#include "support/audit/waivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/contract/contract.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

Waiver Valid() {
  return {"RES-02",   "redis",      "bursts",
          "platform", "2027-03-31", "x-acceptance.security.waivers[0]"};
}

WaiverOutcome ApplyWaivers(std::vector<Waiver> waivers, std::vector<Finding> findings,
                           std::chrono::system_clock::time_point now) {
  return WaiverBook(std::move(waivers), now).ApplyLast(std::move(findings));
}

Finding MediumOnRedis() {
  return {.rule = "RES-02",
          .severity = Severity::kMedium,
          .place = {.service = "redis"},
          .evidence = "no CPU limit"};
}

TEST(WaiversTest, ValidWaiverAcceptsItsFinding) {
  const WaiverOutcome outcome = ApplyWaivers({Valid()}, {MediumOnRedis()}, kNow);

  EXPECT_THAT(outcome.findings, IsEmpty());
  ASSERT_EQ(outcome.waived.size(), 1u);
  EXPECT_EQ(outcome.waived[0].waiver.owner, "platform");
}

TEST(WaiversTest, WaiverHoldsThroughItsLastDay) {
  const auto last_day = std::chrono::sys_days(std::chrono::year(2027) / 3 / 31);
  using std::chrono::hours;

  EXPECT_EQ(ApplyWaivers({Valid()}, {MediumOnRedis()}, last_day + hours(23)).waived.size(), 1u);
  Waiver far = Valid();
  far.expires = "2999-12-31";
  EXPECT_EQ(ApplyWaivers({far}, {MediumOnRedis()}, kNow).waived.size(), 1u);
  EXPECT_THAT(ApplyWaivers({Valid()}, {MediumOnRedis()}, last_day + hours(24)).findings,
              ElementsAre(Field(&Finding::rule, "WAV-02"), Field(&Finding::rule, "RES-02")));
}

TEST(WaiversTest, WaiverForAnotherRuleOrServiceIsUnused) {
  Waiver other_service = Valid();
  other_service.service = "gateway";
  Waiver other_rule = Valid();
  other_rule.rule = "RES-01";
  for (const Waiver& waiver : {other_service, other_rule}) {
    EXPECT_THAT(ApplyWaivers({waiver}, {MediumOnRedis()}, kNow).findings,
                ElementsAre(Field(&Finding::rule, "RES-02"), Field(&Finding::rule, "WAV-03")));
  }
}

TEST(WaiversTest, WaiverOfAStackFindingNamesItsObject) {
  Waiver waiver = Valid();
  waiver.service = "shop_edge";
  Finding finding = MediumOnRedis();
  finding.place = {.object = "shop_edge"};

  EXPECT_EQ(ApplyWaivers({waiver}, {finding}, kNow).waived.size(), 1u);
}

TEST(WaiversTest, IncompleteWaiversAreFindingsAndDoNotApply) {
  for (std::string Waiver::*member :
       {&Waiver::service, &Waiver::reason, &Waiver::owner, &Waiver::expires}) {
    for (const char* text : {"", "  "}) {
      Waiver waiver = Valid();
      waiver.*member = text;
      EXPECT_THAT(ApplyWaivers({waiver}, {MediumOnRedis()}, kNow).findings,
                  ElementsAre(Field(&Finding::rule, "WAV-01"), Field(&Finding::rule, "RES-02")));
    }
  }
}

TEST(WaiversTest, ExpiryThatIsNoDateIsAFinding) {
  for (const char* expires :
       {"soon", "2027-02-30", "31.03.2027", "2027-3-1", "99999999999", "2027-03-31x"}) {
    Waiver waiver = Valid();
    waiver.expires = expires;
    EXPECT_EQ(ApplyWaivers({waiver}, {MediumOnRedis()}, kNow).findings.front().rule, "WAV-01")
        << expires;
  }
}

TEST(WaiversTest, UnknownRuleIsAFinding) {
  Waiver waiver = Valid();
  waiver.rule = "RES-99";

  EXPECT_EQ(ApplyWaivers({waiver}, {}, kNow).findings.front().rule, "WAV-04");
}

TEST(WaiversTest, HighFindingsCannotBeWaived) {
  Finding high = MediumOnRedis();
  high.severity = Severity::kHigh;

  const WaiverOutcome outcome = ApplyWaivers({Valid()}, {high}, kNow);

  EXPECT_THAT(outcome.waived, IsEmpty());
  EXPECT_THAT(outcome.findings,
              ElementsAre(Field(&Finding::rule, "WAV-05"), Field(&Finding::rule, "RES-02")));
}

TEST(WaiversTest, AWaiverThatAnotherSearchNeededIsNotUnused) {
  Waiver of_log = Valid();
  of_log.rule = "SEC-03";  // of the search for secrets, not of the configuration rules
  Finding in_log = MediumOnRedis();
  in_log.rule = "SEC-03";
  WaiverBook book({of_log}, kNow);

  EXPECT_EQ(book.Apply({in_log}).waived.size(), 1u);
  EXPECT_THAT(book.ApplyLast({}).findings, IsEmpty());
  EXPECT_THAT(ApplyWaivers({of_log}, {}, kNow).findings,
              ElementsAre(Field(&Finding::rule, "WAV-03")));
}

TEST(WaiversTest, ReadsTheModel) {
  const json model = json::parse(R"({"x-acceptance": {"security": {"waivers": [
      {"rule": "RES-02", "service": "redis", "reason": "bursts", "owner": "platform", "expires": "2027-03-31"},
      {"rule": "RES-04", "service": "redis"}]}}})");

  const std::vector<Waiver> waivers = ReadWaivers(model);

  ASSERT_EQ(waivers.size(), 2u);
  EXPECT_EQ(waivers[0].reason, "bursts");
  EXPECT_EQ(waivers[1].field, "x-acceptance.security.waivers[1]");
  EXPECT_THAT(ReadWaivers(json::parse(R"({"x-acceptance": {}})")), IsEmpty());
}

TEST(WaiversTest, MalformedWaiversAreOneClearError) {
  for (const char* waivers :
       {R"({})", R"("all")", R"([7])", R"([{"rule": ["a"]}])", R"([{"until": "2027-01-01"}])"}) {
    const json model = {{"x-acceptance", {{"security", {{"waivers", json::parse(waivers)}}}}}};
    EXPECT_THROW(ReadWaivers(model), ContractError) << waivers;
  }
}

}  // namespace
}  // namespace proving_ground::audit
