#include "support/report/html/markup.h"

#include <gmock/gmock.h>

namespace proving_ground::html {
namespace {

TEST(MarkupTest, TextCannotBecomeMarkup) {
  EXPECT_EQ(H("<b title=\"{}\">{}</b>", "\" onclick='x'", "<script>&").html(),
            "<b title=\"&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;</b>");
}

TEST(MarkupTest, MarkupStaysWhatItIs) {
  EXPECT_EQ(H("<p>{}</p>", H("<b>{}</b>", 7)).html(), "<p><b>7</b></p>");
}

TEST(MarkupTest, BracesInTextAreText) { EXPECT_EQ(H("{}", "{} {0} {{").html(), "{} {0} {{"); }

TEST(MarkupTest, ControlCharactersAndBrokenUtf8AreReplaced) {
  EXPECT_EQ(Escaped(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(Escaped("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(Escaped("\xC3"), "\uFFFD") << "cut off";
  EXPECT_EQ(Escaped("\xC0\xBC"), "\uFFFD\uFFFD") << "an overlong <";
  EXPECT_EQ(Escaped("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(Escaped("gr\u00fcn \u2265 \U0001F600\n"), "gr\u00fcn \u2265 \U0001F600\n");
}

TEST(MarkupTest, IdsHoldLettersAndDigits) {
  EXPECT_EQ(IdOf("F-1 sales"), "f-1-sales");
  EXPECT_EQ(IdOf("\"><b>"), "b-");
}

}  // namespace
}  // namespace proving_ground::html
