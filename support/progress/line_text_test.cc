#include "support/progress/line_text.h"

#include <gmock/gmock.h>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

TEST(LineTextTest, NoTextMovesTheCursorOrBeginsALine) {
  EXPECT_EQ(OneLine("a\nb\tc\n"), "a b c");
  EXPECT_EQ(OneLine("red \x1b[31m and back \x1b[2J\r"), "red [31m and back [2J");
  EXPECT_EQ(OneLine("\xC2\x9B\x07of one byte"), "of one byte");  // C1 control, bell
  EXPECT_EQ(OneLine("\xff!"), "\xEF\xBF\xBD!");
  EXPECT_LT(OneLine(std::string(10'000, 'x')).size(), 600U);
}

TEST(LineTextTest, ColumnsAreCharacters) {
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("äöü…"), 4U);
}

TEST(LineTextTest, CutsBetweenCharactersAndMarksIt) {
  EXPECT_EQ(Cut("abcdef", 6), "abcdef");
  EXPECT_EQ(Cut("abcdef", 5), "abcd…");
  EXPECT_EQ(Cut("äöüäöü", 3), "äö…");
  EXPECT_EQ(Cut("abc", 1), "…");
  EXPECT_EQ(Cut("abc", 0), "");
}

TEST(LineTextTest, DurationsAreShort) {
  EXPECT_EQ(ShortDuration(-2s), "0 s");
  EXPECT_EQ(ShortDuration(59'999ms), "59 s");
  EXPECT_EQ(ShortDuration(60s), "1:00");
  EXPECT_EQ(ShortDuration(3'723s), "1:02:03");
}

}  // namespace
}  // namespace proving_ground
