#include "support/notify/messages.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Sender kSender = {"shop", "https://ci.example.com/7"};

RunSummary Good() {
  RunSummary run;
  run.run = "20261130T021500Z-1";
  run.exit_code = 0;
  run.headline = "READY: every criterion was proven";
  run.passed = 12;
  run.planned = 12;
  run.started = 1796004900;
  return run;
}

RunSummary Bad() {
  RunSummary run = Good();
  run.exit_code = 1;
  run.headline = "NOT READY: a criterion was missed";
  run.passed = 11;
  run.open = {"F-3 sales: failed: down for 31 s"};
  run.missed = {"F-3"};
  return run;
}

TEST(MessagesTest, ASuccessIsAShortMessageWithALink) {
  const json message = json::parse(SlackMessage(Good(), kSender));
  EXPECT_EQ(message.at("text"), "shop: READY: every criterion was proven");
  EXPECT_THAT(message.dump(), AllOf(HasSubstr("12 of 12 criteria passed"),
                                    HasSubstr("<https://ci.example.com/7|details>")));
}

TEST(MessagesTest, NamesCannotMentionAnybodyOrForgeLinks) {
  RunSummary run = Good();
  run.open = {"L-1: <!channel> & <https://evil.example|click>"};
  const std::string message = SlackMessage(run, kSender);
  EXPECT_THAT(message,
              AllOf(HasSubstr("&lt;!channel&gt; &amp; &lt;https"), Not(HasSubstr("<!channel>"))));
}

TEST(MessagesTest, AnAlarmSaysWhatIsOpen) {
  const json event = json::parse(PagerDutyTrigger(Bad(), kSender, "key"));
  EXPECT_EQ(event.at("event_action"), "trigger");
  EXPECT_EQ(event.at("routing_key"), "key");
  const json& payload = event.at("payload");
  EXPECT_EQ(payload.at("severity"), "critical");
  EXPECT_EQ(payload.at("source"), "shop");
  EXPECT_EQ(payload.at("summary"), "shop: NOT READY: a criterion was missed");
  EXPECT_EQ(payload.at("custom_details").at("open").at(0), "F-3 sales: failed: down for 31 s");
}

TEST(MessagesTest, WhatCouldNotBeProvenWakesNobody) {
  RunSummary run = Bad();
  run.exit_code = 2;
  EXPECT_EQ(json::parse(PagerDutyTrigger(run, kSender, "key")).at("payload").at("severity"),
            "warning");
}

TEST(MessagesTest, AnAlarmAndItsEndHaveTheSameKey) {
  const json raised = json::parse(PagerDutyTrigger(Bad(), kSender, "key"));
  const json closed = json::parse(PagerDutyResolve(kSender, "key"));
  EXPECT_EQ(closed.at("event_action"), "resolve");
  EXPECT_EQ(closed.at("dedup_key"), raised.at("dedup_key"));
}

TEST(MessagesTest, LongListsAndTextsAreCutAtWholeCharacters) {
  RunSummary run = Bad();
  std::string umlauts;
  while (umlauts.size() < 4000) umlauts += "\u00e4";
  run.open.assign(60, "x" + umlauts);
  run.headline = umlauts;
  const json event = json::parse(PagerDutyTrigger(run, kSender, "key"));
  EXPECT_LE(event.at("payload").at("summary").get<std::string>().size(), 1024U);
  EXPECT_EQ(event.at("payload").at("custom_details").at("open").size(), 11U);
  EXPECT_THAT(event.dump(), AllOf(HasSubstr("and 50 more"), Not(HasSubstr("\ufffd"))));
}

TEST(MessagesTest, TheDigestCountsRunsAndWhatWasOpen) {
  const std::vector<RunSummary> runs = {Bad(), Bad(), Good()};
  EXPECT_EQ(DigestSubject(runs, kSender), "shop: 1 of 3 runs ready, the last one READY");
  EXPECT_THAT(DigestText(runs, kSender, 7),
              AllOf(HasSubstr("1 of 3 were ready"), HasSubstr("F-3 in 2 of 3 runs"),
                    HasSubstr("2026-11-30 02:15 UTC"), HasSubstr("  - F-3 sales: failed")));
}

TEST(MessagesTest, AWeekWithoutARunIsWorthAQuestion) {
  EXPECT_EQ(DigestSubject({}, kSender), "shop: no acceptance run");
  EXPECT_THAT(DigestText({}, kSender, 7), HasSubstr("still scheduled?"));
}

}  // namespace
}  // namespace proving_ground
