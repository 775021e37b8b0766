#include "support/notify/retry.h"

#include <gmock/gmock.h>

#include <ctime>
#include <vector>

#include "support/base/poll.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Outcome = Attempt::Outcome;

const RetryPolicy kQuick = {.attempts = 3, .first_pause = 1ms, .longest_pause = 2ms, .in_all = 5s};

// Answers with the list, one after the other, and the last one for ever.
Delivery Deliver(std::vector<Attempt> answers, const RetryPolicy& policy = kQuick) {
  std::size_t next = 0;
  return DeliverWithRetries([&] { return answers[std::min(next++, answers.size() - 1)]; }, policy);
}

TEST(RetryTest, ADeliveryIsNotRepeated) {
  const Delivery delivery = Deliver({{Outcome::kDelivered, "HTTP 200", {}}});
  EXPECT_TRUE(delivery.delivered);
  EXPECT_EQ(delivery.attempts, 1);
}

TEST(RetryTest, WhatMayWorkLaterIsTriedAgain) {
  const Delivery delivery =
      Deliver({{Outcome::kLater, "HTTP 503", {}}, {Outcome::kDelivered, "HTTP 200", {}}});
  EXPECT_TRUE(delivery.delivered);
  EXPECT_EQ(delivery.attempts, 2);
}

TEST(RetryTest, AttemptsAreBounded) {
  const Delivery delivery = Deliver({{Outcome::kLater, "HTTP 503", {}}});
  EXPECT_FALSE(delivery.delivered);
  EXPECT_EQ(delivery.attempts, 3);
  EXPECT_EQ(delivery.what, "HTTP 503");
}

TEST(RetryTest, WhatIsRefusedIsNotRepeated) {
  const Delivery delivery = Deliver({{Outcome::kNever, "HTTP 403", {}}});
  EXPECT_FALSE(delivery.delivered);
  EXPECT_EQ(delivery.attempts, 1);
}

TEST(RetryTest, APauseThatIsAskedForIsKept) {
  const auto began = Clock::now();
  Deliver({{Outcome::kLater, "HTTP 429", 150ms}, {Outcome::kDelivered, "HTTP 200", {}}});
  EXPECT_GE(Clock::now() - began, 150ms);
}

TEST(RetryTest, APauseBeyondTheBoundsEndsTheDelivery) {
  const auto began = Clock::now();
  const Delivery delivery = Deliver({{Outcome::kLater, "HTTP 429", 1h}});
  EXPECT_LT(Clock::now() - began, 1s);
  EXPECT_FALSE(delivery.delivered);
  EXPECT_EQ(delivery.attempts, 1);
  EXPECT_THAT(delivery.what, HasSubstr("3600 s"));
}

TEST(RetryTest, RetryAfterIsSecondsOrADate) {
  EXPECT_EQ(RetryAfter("7"), 7s);
  EXPECT_EQ(RetryAfter("0"), 0s);
  EXPECT_EQ(RetryAfter("-1"), std::nullopt);
  EXPECT_EQ(RetryAfter("soon"), std::nullopt);
  EXPECT_EQ(RetryAfter(""), std::nullopt);
  EXPECT_EQ(RetryAfter("Sun, 06 Nov 1994 08:49:37 GMT"), 0s);
  EXPECT_EQ(RetryAfter("99999999999999999"), std::chrono::hours(24 * 365));
}

}  // namespace
}  // namespace proving_ground
