#include "support/base/count_text.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

TEST(CountTextTest, OneIsSingularAndEverythingElsePlural) {
  EXPECT_EQ(CountText(1, "finding"), "1 finding");
  EXPECT_EQ(CountText(0, "finding"), "0 findings");
  EXPECT_EQ(CountText(std::size_t{21}, "finding"), "21 findings");
  EXPECT_EQ(CountText(-1, "finding"), "-1 findings");
  EXPECT_EQ(CountText(1, "criterion", "criteria"), "1 criterion");
  EXPECT_EQ(CountText(2, "criterion", "criteria"), "2 criteria");
}

}  // namespace
}  // namespace proving_ground
