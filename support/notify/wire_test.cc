#include "support/notify/wire.h"

#include <gmock/gmock.h>

#include "support/mcp/scripted_server.h"
#include "support/notify/testing/mail_server.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Outcome = Attempt::Outcome;

Attempt PostTo(const HttpResult& answer, const std::vector<std::string>& secrets = {}) {
  const ScriptedServer server([&](const HttpRequest&) { return answer; });
  return PostJson(server.url() + "/services/abc", "{}", secrets, 5s);
}

TEST(WireTest, PostsJson) {
  HttpRequest seen;
  const ScriptedServer server([&](const HttpRequest& request) {
    seen = request;
    return HttpResult{.status = 202, .headers = {}, .body = ""};
  });
  const Attempt attempt = PostJson(server.url() + "/hook", R"({"text": "hi"})", {}, 5s);
  EXPECT_EQ(attempt.outcome, Outcome::kDelivered);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.url, "/hook");
  EXPECT_EQ(seen.body, R"({"text": "hi"})");
  EXPECT_THAT(seen.headers, testing::Contains(testing::Pair("content-type", "application/json")));
}

TEST(WireTest, OnlyTroubleThatPassesIsWorthAnotherAttempt) {
  EXPECT_EQ(PostTo({.status = 503}).outcome, Outcome::kLater);
  EXPECT_EQ(PostTo({.status = 408}).outcome, Outcome::kLater);
  EXPECT_EQ(PostTo({.status = 404}).outcome, Outcome::kNever);
  EXPECT_EQ(PostTo({.status = 302, .headers = {{"Location", "/elsewhere"}}}).outcome,
            Outcome::kNever);
}

TEST(WireTest, ReadsHowLongToWait) {
  const Attempt attempt = PostTo({.status = 429, .headers = {{"Retry-After", "3"}}});
  EXPECT_EQ(attempt.outcome, Outcome::kLater);
  EXPECT_EQ(attempt.retry_after, 3s);
}

TEST(WireTest, WhatTheReceiverSaysIsShownWithoutSecretsAndOnOneLine) {
  const Attempt attempt = PostTo(
      {.status = 400, .headers = {}, .body = "no such hook:\n\x1b[31mt0ps3cret"}, {"t0ps3cret"});
  EXPECT_THAT(attempt.what,
              AllOf(HasSubstr("HTTP 400: no such hook:"), HasSubstr("[withheld]"),
                    Not(HasSubstr("t0ps3cret")), Not(HasSubstr("\n")), Not(HasSubstr("\x1b"))));
}

TEST(WireTest, AnAnswerThatNeverComesIsWorthAnotherAttempt) {
  const ScriptedServer server([](const HttpRequest&) { return HttpResult{}; });
  EXPECT_EQ(PostJson(server.url(), "{}", {}, 5s).outcome, Outcome::kLater);
  EXPECT_EQ(PostJson("http://127.0.0.1:1/secret-hook", "{}", {}, 5s).outcome, Outcome::kLater);
  EXPECT_THAT(PostJson("http://127.0.0.1:1/secret-hook", "{}", {}, 5s).what,
              Not(HasSubstr("secret-hook")));
}

TEST(WireTest, OtherProtocolsAreRefused) {
  EXPECT_EQ(PostJson("file:///etc/passwd", "{}", {}, 5s).outcome, Outcome::kNever);
  EXPECT_EQ(SendMail({"http://127.0.0.1:1", "", ""}, {}, 5s).outcome, Outcome::kNever);
}

const Mail kMail = {"Proving Ground <pg@example.com>",
                    {"a@example.com", "Ops <b@example.com>"},
                    "shop: 1 of 2 runs ready",
                    "digest@example.com",
                    "L-1: grün\n.\nlast line\n"};

TEST(WireTest, AMailServerTakesTheMail) {
  const TestMailServer server;
  const Attempt attempt = SendMail({server.url(), "", ""}, kMail, 10s);
  ASSERT_EQ(attempt.outcome, Outcome::kDelivered) << attempt.what;
  ASSERT_EQ(server.mails().size(), 1U);
  EXPECT_THAT(server.mails()[0],
              AllOf(HasSubstr("X-Envelope: pg@example.com > a@example.com, b@example.com"),
                    HasSubstr("Subject: shop: 1 of 2 runs ready\r\n"),
                    HasSubstr("Message-ID: <digest@example.com>\r\n"),
                    HasSubstr("gr=C3=BCn\r\n.\r\nlast line\r\n")));
}

TEST(WireTest, ABusyMailServerIsAskedAgainAndARefusingOneIsNot) {
  const TestMailServer server({"451 busy", "550 no such user"});
  EXPECT_EQ(SendMail({server.url(), "", ""}, kMail, 10s).outcome, Outcome::kLater);
  EXPECT_EQ(SendMail({server.url(), "", ""}, kMail, 10s).outcome, Outcome::kNever);
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(WireTest, AHeadCannotBeExtended) {
  const TestMailServer server;
  Mail mail = kMail;
  mail.subject = "fine\r\nBcc: everybody@example.com";
  mail.to = {"a@example.com"};
  ASSERT_EQ(SendMail({server.url(), "", ""}, mail, 10s).outcome, Outcome::kDelivered);
  EXPECT_THAT(server.mails(), ElementsAre(Not(HasSubstr("\nBcc:"))));
}

}  // namespace
}  // namespace proving_ground
