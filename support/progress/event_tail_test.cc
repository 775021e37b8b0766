#include "support/progress/event_tail.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/base/files.h"

namespace proving_ground {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class EventTailTest : public testing::Test {
 protected:
  void Append(const std::string& text) {
    std::ofstream(file_, std::ios::app | std::ios::binary) << text;
  }

  TemporaryFolder folder_{"event-tail-test"};
  std::filesystem::path file_ = folder_.path() / "events.ndjson";
  EventTail tail_{file_};
};

TEST_F(EventTailTest, AFileThatIsNotThereYetHasNoEvents) {
  EXPECT_THAT(tail_.Next(), IsEmpty());
  Append("{\"event\": \"a\"}\n");
  EXPECT_THAT(tail_.Next(), SizeIs(1));
}

TEST_F(EventTailTest, EachEventComesOnceAndWhenItsLineIsFinished) {
  Append("{\"event\": \"a\"}\n{\"eve");
  EXPECT_THAT(tail_.Next(), SizeIs(1));
  EXPECT_THAT(tail_.Next(), IsEmpty());
  Append("nt\": \"b\"}\n");
  const auto events = tail_.Next();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].at("event"), "b");
}

TEST_F(EventTailTest, WhatIsNoObjectIsPassedOver) {
  Append("nonsense\n[1]\n\n{\"event\": \"a\"}\n");
  EXPECT_THAT(tail_.Next(), SizeIs(1));
}

TEST_F(EventTailTest, LongLinesAreReadWhole) {
  Append("{\"event\": \"" + std::string(200'000, 'x') + "\"}\n");
  const auto events = tail_.Next();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(events[0].at("event").get<std::string>(), SizeIs(200'000));
}

}  // namespace
}  // namespace proving_ground
