#include "support/base/utc.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

TEST(UtcTest, TextAndMomentAreTheSameToTheMillisecond) {
  const UtcTime moment = FromUnixMilliseconds(1'774'922'405'007);
  EXPECT_EQ(UtcText(moment), "2026-03-31T02:00:05.007Z");
  EXPECT_EQ(ParseUtc(UtcText(moment)), moment);
  EXPECT_EQ(UtcText(FromUnixMilliseconds(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(UtcTest, FractionsAndOffsetsOfOthersAreRead) {
  const UtcTime moment = FromUnixMilliseconds(1'774'922'405'120);
  EXPECT_EQ(ParseUtc("2026-03-31T02:00:05.120999999Z"), moment);
  EXPECT_EQ(ParseUtc("2026-03-31T04:00:05.12+02:00"), moment);
  EXPECT_EQ(ParseUtc("2026-03-30T21:30:05.12-04:30"), moment);
}

TEST(UtcTest, OtherTextsAreRefused) {
  for (const char* text : {"", "2026-03-31", "2026-03-31T02:00:05", "2026-13-31T02:00:05Z",
                           "2026-03-31T25:00:05Z", "2026-03-31T02:00:05Zx", "-026-03-31T02:00:05Z",
                           "2026-03-31 02:00:05Z", "2026-03-31T02:00:05+2:00"}) {
    EXPECT_EQ(ParseUtc(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace proving_ground
