#include "support/contract/duration.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using testing::Eq;
using testing::Optional;

TEST(DurationTest, ReadsComposeSpelling) {
  EXPECT_THAT(ParseDuration("300ms"), Optional(milliseconds(300)));
  EXPECT_THAT(ParseDuration("20s"), Optional(milliseconds(20'000)));
  EXPECT_THAT(ParseDuration("1m30s"), Optional(milliseconds(90'000)));
  EXPECT_THAT(ParseDuration("1h2m3s4ms"), Optional(milliseconds(3'723'004)));
  EXPECT_THAT(ParseDuration("0s"), Optional(milliseconds(0)));
}

TEST(DurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "s", "10", "-1s", "1.5s", "1s1m", "1s1s", "1 s", "1d", "s1", "1S",
                           "99999999999999999999s", "9999999999h"}) {
    EXPECT_THAT(ParseDuration(text), Eq(std::nullopt)) << '"' << text << '"';
  }
}

TEST(DurationTest, WritesWhatItReads) {
  for (const int count : {0, 1, 999, 1'000, 60'000, 90'250, 3'600'000, 86'400'001}) {
    const milliseconds duration(count);
    EXPECT_THAT(ParseDuration(FormatDuration(duration)), Optional(duration));
  }
  EXPECT_EQ(FormatDuration(milliseconds(90'000)), "1m30s");
}

}  // namespace
}  // namespace proving_ground
