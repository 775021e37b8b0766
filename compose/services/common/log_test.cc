#include "compose/services/common/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace platform {
namespace {

using ::testing::MatchesRegex;

std::string LineOf(std::initializer_list<LogField> fields) {
  ::testing::internal::CaptureStdout();
  Log(Level::kWarning, "something_happened", fields);
  return ::testing::internal::GetCapturedStdout();
}

TEST(LogTest, WritesOneJsonObjectPerLine) {
  InitLog("gateway", "sales");

  const auto line =
      nlohmann::json::parse(LineOf({{"count", 3}, {"ratio", 0.5}, {"ok", true}, {"text", "x"}}));

  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["service"], "gateway");
  EXPECT_EQ(line["team"], "sales");
  EXPECT_EQ(line["event"], "something_happened");
  EXPECT_EQ(line["count"], 3);
  EXPECT_EQ(line["ratio"], 0.5);
  EXPECT_EQ(line["ok"], true);
  EXPECT_EQ(line["text"], "x");
}

TEST(LogTest, StampsMillisecondsInUtc) {
  const auto line = nlohmann::json::parse(LineOf({}));

  EXPECT_THAT(line["ts"].get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z"));
}

TEST(LogTest, AFieldMayNameAnotherTeamThanTheServicesOwn) {
  InitLog("gateway");

  EXPECT_EQ(nlohmann::json::parse(LineOf({{"team", "finance"}}))["team"], "finance");
}

TEST(LogTest, HostileTextCannotForgeALineOrReachTheTerminal) {
  using namespace std::string_view_literals;
  const std::string line =
      LineOf({{"tool", "a\r\n{\"event\":\"forged\"}\x1b[2J\x7f\0\xff\xc3\xe2\x80\xa8"sv}});

  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_TRUE(std::all_of(line.begin(), line.end() - 1, [](char c) {
    return c >= 0x20 && c < 0x7f;
  })) << line;
  EXPECT_TRUE(nlohmann::json::accept(line));
}

}  // namespace
}  // namespace platform
