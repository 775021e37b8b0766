#include "compose/services/gateway/base64.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

TEST(Base64Test, DecodesBothAlphabets) {
  EXPECT_EQ(DecodeBase64("SGVsbG8="), "Hello");
  EXPECT_EQ(DecodeBase64("+/+/"), "\xfb\xff\xbf");
  EXPECT_EQ(DecodeBase64(""), "");
  EXPECT_EQ(DecodeBase64Url("SGVsbG8"), "Hello");
  EXPECT_EQ(DecodeBase64Url("-_-_"), "\xfb\xff\xbf");
}

TEST(Base64Test, HasOneSpellingForEachValue) {
  for (const char* text : {"SGVsbG8", "SGVsbG8==", "SGVsbG9=", "SGVs bG8=", "SGVsbG8\n", "=",
                           "====", "-_-_", "A==="}) {
    EXPECT_FALSE(DecodeBase64(text).has_value()) << text;
  }
  for (const char* text : {"SGVsbG8=", "SGVsbG9", "A", "+/+/", "SGVsbG8\n", "SGVs.G8"}) {
    EXPECT_FALSE(DecodeBase64Url(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace platform
