#include "compose/services/worker/templates.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace platform {
namespace {

const Variables kVariables = {{"task", "t-1"}, {"attempt", "2"}, {"tricky", "${task}"}};

TEST(Templates, ReplacesKnownNames) {
  EXPECT_EQ(ExpandText("${task}:${attempt}:${task}", kVariables), "t-1:2:t-1");
  EXPECT_EQ(ExpandText("no variable", kVariables), "no variable");
  EXPECT_EQ(ExpandText("", kVariables), "");
}

TEST(Templates, LeavesEverythingElseAsItIs) {
  for (const char* text :
       {"${unknown}", "$task", "${task", "${}", "${ task }", "{task}", "$", "${", "}"}) {
    EXPECT_EQ(ExpandText(text, kVariables), text);
  }
  EXPECT_EQ(ExpandText("${${task}", kVariables), "${t-1");
}

TEST(Templates, DoesNotExpandWhatItPutIn) {
  EXPECT_EQ(ExpandText("${tricky}", kVariables), "${task}");
}

TEST(Templates, ReachesEveryStringValueButNoKey) {
  auto value = nlohmann::json::parse(
      R"({"${task}":"${task}","list":["${attempt}",1,null,{"deep":"a ${task} b"}],"number":3})");
  ExpandStrings(value, kVariables);
  EXPECT_EQ(value, nlohmann::json::parse(
                       R"({"${task}":"t-1","list":["2",1,null,{"deep":"a t-1 b"}],"number":3})"));
}

}  // namespace
}  // namespace platform
