#include "support/engine/demultiplexer.h"

#include <gtest/gtest.h>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

std::string Frame(char stream, const std::string& data) {
  std::string frame(8, '\0');
  frame[0] = stream;
  frame[6] = static_cast<char>(data.size() >> 8);
  frame[7] = static_cast<char>(data.size() & 255);
  return frame + data;
}

struct Collected {
  Demultiplexer demultiplexer{[this](OutputStream stream, std::string_view data) {
    (stream == OutputStream::kStandardOutput ? output : error).append(data);
  }};
  std::string output;
  std::string error;
};

TEST(DemultiplexerTest, GivesTheSameWhereverTheBodyIsCut) {
  const std::string long_text(700, 'x');  // a length that needs two bytes
  const std::string body = Frame(1, "out") + Frame(2, "err") + Frame(1, "") + Frame(1, long_text);
  for (size_t size = 1; size <= body.size(); ++size) {
    Collected collected;
    for (size_t start = 0; start < body.size(); start += size) {
      collected.demultiplexer.Feed(std::string_view(body).substr(start, size));
    }
    collected.demultiplexer.Finish();
    ASSERT_EQ(collected.output, "out" + long_text) << "cut every " << size << " bytes";
    ASSERT_EQ(collected.error, "err") << "cut every " << size << " bytes";
  }
}

TEST(DemultiplexerTest, HandsOutDataBeforeItsFrameIsComplete) {
  Collected collected;
  collected.demultiplexer.Feed(Frame(1, "progress").substr(0, 11));
  EXPECT_EQ(collected.output, "pro");
  EXPECT_THROW(collected.demultiplexer.Finish(), EnvironmentError) << "the frame is incomplete";
}

TEST(DemultiplexerTest, RefusesWhatIsNotMultiplexed) {
  Collected collected;
  EXPECT_THROW(collected.demultiplexer.Feed("plain text of a terminal"), EnvironmentError);
}

}  // namespace
}  // namespace proving_ground
