#include "compose/services/gateway/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace platform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AuditTest : public ::testing::Test {
 protected:
  std::string LoggedBy(const std::function<void()>& action) {
    ::testing::internal::CaptureStdout();
    action();
    return ::testing::internal::GetCapturedStdout();
  }

  GatewayMetrics metrics_{{"sales", "finance"}};
  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
  LoggingAudit audit_{metrics_, [this] { return now_; }};
};

TEST_F(AuditTest, LogsAndCountsADenial) {
  const std::string line = LoggedBy([&] {
    audit_.Denied({.reason = "tool",
                   .team = "sales",
                   .tool = "ledger_record\n",
                   .tool_exists = true,
                   .token_id = "7"});
  });

  EXPECT_THAT(line, HasSubstr(R"("event":"denied","team":"sales","tool":"ledger_record\n")"));
  EXPECT_THAT(line, HasSubstr(R"("token_id":"7")"));
  EXPECT_THAT(metrics_.Render(),
              HasSubstr(R"(gateway_denied_total{reason="tool",team="sales"} 1)"));
  EXPECT_THAT(metrics_.Render(), Not(HasSubstr("ledger"))) << "everybody can read the metrics";
}

TEST_F(AuditTest, AFloodOfOneTeamIsCountedButNotAllLogged) {
  const std::string lines = LoggedBy([&] {
    for (int i = 0; i < 5000; ++i) audit_.Denied({.reason = "limit", .team = "sales"});
    audit_.Denied({.reason = "limit", .team = "finance"});
    now_ += std::chrono::seconds(1);
    audit_.Denied({.reason = "limit", .team = "sales"});
  });

  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), LoggingAudit::kLinesPerSecond + 2);
  EXPECT_THAT(lines, HasSubstr(R"("suppressed":4900)"));
  EXPECT_THAT(lines, HasSubstr(R"("team":"finance")"));
  EXPECT_THAT(metrics_.Render(),
              HasSubstr(R"(gateway_denied_total{reason="limit",team="sales"} 5001)"));
}

TEST_F(AuditTest, AHugeNameDoesNotFillTheLog) {
  const std::string huge(1'000'000, 'x');

  EXPECT_LT(
      LoggedBy([&] { audit_.Denied({.reason = "tool", .team = "sales", .tool = huge}); }).size(),
      1000U);
}

}  // namespace
}  // namespace platform
