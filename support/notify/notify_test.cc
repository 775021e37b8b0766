#include "support/notify/notify.h"

#include <gmock/gmock.h>

#include <ctime>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/mcp/scripted_server.h"
#include "support/notify/testing/mail_server.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kGood =
    R"({"exit_code": 0, "headline": "READY: every criterion was proven", "verdicts": []})";
constexpr const char* kBad =
    R"({"exit_code": 1, "headline": "NOT READY: a criterion was missed", "verdicts": [
        {"criterion": "F-3", "team": "sales", "outcome": "failed", "summary": "down for 31 s"}]})";
constexpr const char* kHook = "/services/T000/B000/hook-t0ken";

const Timing kQuick = {{.attempts = 3, .first_pause = 1ms, .longest_pause = 2ms, .in_all = 5s}, 5s};

// A chat and an alarm service that remember what they were told.
class NotifyTest : public testing::Test {
 protected:
  NotifyTest() : server_([this](const HttpRequest& request) { return Answer(request); }) {
    settings_.name = "shop";
    settings_.slack_webhook = server_.url() + kHook;
    settings_.pagerduty_url = server_.url() + "/v2/enqueue";
    settings_.pagerduty_key = "r0uting-key";
    settings_.mail_from = "pg@example.com";
    settings_.mail_to = {"all@example.com"};
  }

  std::vector<Notification> Notify(const char* summary) {
    WriteFileAtomically(folder_.path() / "summary.json", summary);
    return NotifyOfRun(folder_.path(), settings_, kQuick);
  }

  std::vector<json> ToldTo(const std::string& path) {
    const std::lock_guard lock(mutex_);
    std::vector<json> bodies;
    for (const HttpRequest& request : requests_) {
      if (request.url == path) bodies.push_back(json::parse(request.body));
    }
    return bodies;
  }

  HttpResult Answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    return {.status = status_, .headers = {}, .body = "about hook-t0ken and r0uting-key"};
  }

  std::mutex mutex_;
  int status_ = 200;
  std::vector<HttpRequest> requests_;
  ScriptedServer server_;
  TemporaryFolder folder_{"notify"};
  NotifySettings settings_;
};

TEST_F(NotifyTest, ASuccessIsPostedAndClosesTheAlarm) {
  const auto notifications = Notify(kGood);
  ASSERT_EQ(notifications.size(), 2U);
  EXPECT_TRUE(notifications[0].delivery.delivered);
  ASSERT_EQ(ToldTo(kHook).size(), 1U);
  EXPECT_THAT(ToldTo(kHook)[0].at("text").get<std::string>(), HasSubstr("shop: READY"));
  ASSERT_EQ(ToldTo("/v2/enqueue").size(), 1U);
  EXPECT_EQ(ToldTo("/v2/enqueue")[0].at("event_action"), "resolve");
}

TEST_F(NotifyTest, AFailureRaisesAnAlarmThatTheNextSuccessCloses) {
  Notify(kBad);
  EXPECT_THAT(ToldTo(kHook), IsEmpty());
  Notify(kGood);
  const auto events = ToldTo("/v2/enqueue");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].at("event_action"), "trigger");
  EXPECT_EQ(events[1].at("event_action"), "resolve");
  EXPECT_EQ(events[0].at("dedup_key"), events[1].at("dedup_key"));
}

TEST_F(NotifyTest, ARunThatLeftNoSummaryRaisesAnAlarm) {
  NotifyOfRun(folder_.path(), settings_, kQuick);
  ASSERT_EQ(ToldTo("/v2/enqueue").size(), 1U);
  EXPECT_EQ(ToldTo("/v2/enqueue")[0].at("event_action"), "trigger");
}

TEST_F(NotifyTest, WhatIsNotDeliveredIsToldAndKeptWithoutSecrets) {
  status_ = 503;
  const auto notifications = Notify(kBad);
  ASSERT_EQ(notifications.size(), 1U);
  std::ostringstream told;
  told << notifications[0];
  EXPECT_THAT(told.str(),
              AllOf(HasSubstr("pagerduty: raises an alarm: NOT DELIVERED after 3 attempts"),
                    HasSubstr("HTTP 503")));
  const std::string kept = ReadFile(folder_.path() / "notifications.json");
  EXPECT_EQ(json::parse(kept).at(0).at("delivered"), false);
  for (const std::string& text : {told.str(), kept}) {
    EXPECT_THAT(text, Not(HasSubstr("t0ken")));
    EXPECT_THAT(text, Not(HasSubstr("r0uting")));
  }
  EXPECT_EQ(ReadFile(folder_.path() / "summary.json"), kBad) << "the verdict stays what it was";
}

TEST_F(NotifyTest, WithoutChannelsNobodyIsTold) {
  settings_ = {};
  EXPECT_THAT(Notify(kGood), IsEmpty());
}

TEST_F(NotifyTest, TheDigestGoesByMail) {
  const TestMailServer mail_server({"451 later"});
  settings_.mail_server.url = mail_server.url();
  std::array<char, 32> name{};
  const std::time_t now = std::time(nullptr);
  std::strftime(name.data(), name.size(), "%Y%m%dT%H%M%SZ-1", std::gmtime(&now));
  MakeFolder(folder_.path() / name.data());
  WriteFileAtomically(folder_.path() / name.data() / "summary.json", kBad);

  const Notification digest = SendDigest(folder_.path(), 7, settings_, kQuick);

  EXPECT_TRUE(digest.delivery.delivered) << digest;
  EXPECT_EQ(digest.delivery.attempts, 2);
  ASSERT_EQ(mail_server.mails().size(), 1U);
  EXPECT_THAT(mail_server.mails()[0],
              AllOf(HasSubstr("Subject: shop: 0 of 1 runs ready, the last one NOT READY"),
                    HasSubstr("F-3 sales: failed: down for 31 s")));
}

TEST_F(NotifyTest, ADigestNeedsAMailServer) {
  EXPECT_THROW(SendDigest(folder_.path(), 7, settings_, kQuick), UsageError);
}

}  // namespace
}  // namespace proving_ground
