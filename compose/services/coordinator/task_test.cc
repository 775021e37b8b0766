#include "compose/services/coordinator/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace platform {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(TaskTest, SameContentHasTheSamePayload) {
  const Task one = ParseTask(R"({"id":"a","nonce":"n","steps":[{"think_ms":1}]})");
  const Task other = ParseTask(R"( {"steps" : [ {"think_ms" : 1} ], "nonce":"n", "id":"b"} )");
  EXPECT_EQ(one.payload, other.payload);
  EXPECT_EQ(one.id, "a");
}

TEST(TaskTest, TaskWithoutIdGetsAFreshOne) {
  const std::string text = R"({"steps":[{"think_ms":1}]})";
  const Task one = ParseTask(text);
  EXPECT_TRUE(IsValidId(one.id));
  EXPECT_NE(one.id, ParseTask(text).id);
}

TEST(TaskTest, WorkerReceivesUnknownMembersAndItsAttempt) {
  const Task task = ParseTask(R"({"id":"a","label":"x","steps":[{"tool":"t","arguments":{}}]})");
  const json body = json::parse(TaskForWorker(task, 3));
  EXPECT_EQ(body["label"], "x");
  EXPECT_EQ(body["attempt"], 3);
  EXPECT_EQ(body["id"], "a");
  EXPECT_EQ(body["nonce"], "a") << "the id stands in for a nonce that is not given";
}

TEST(TaskTest, BadTaskIsRefusedWithItsReason) {
  const std::pair<std::string, std::string> kCases[] = {
      {"nonsense", "not valid JSON"},
      {"[]", "not a JSON object"},
      {"{}", "steps"},
      {R"({"steps":[]})", "steps"},
      {R"({"steps":[7]})", "step 0 is not an object"},
      {R"({"steps":[{"think_ms":1},{}]})", "step 1 needs either"},
      {R"({"steps":[{"think_ms":1,"tool":"t"}]})", "either"},
      {R"({"steps":[{"think_ms":-1}]})", "think_ms"},
      {R"({"steps":[{"think_ms":1.5}]})", "think_ms"},
      {R"({"steps":[{"tool":""}]})", "tool is not a name"},
      {R"({"steps":[{"tool":"t","arguments":[]}]})", "arguments"},
      {R"({"id":"a b","steps":[{"think_ms":1}]})", "id is not"},
      {R"({"id":7,"steps":[{"think_ms":1}]})", "id is not"},
      {R"({"nonce":7,"steps":[{"think_ms":1}]})", "nonce"},
      {std::string(100'000, '['), "nested"},
      {"{\"steps\":[{\"tool\":\"\xff\"}]}", "not valid JSON"},
  };
  for (const auto& [text, reason] : kCases) {
    try {
      ParseTask(text);
      ADD_FAILURE() << "accepted: " << text.substr(0, 80);
    } catch (const InvalidTask& error) {
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }
}

TEST(TaskTest, IdsFitIntoKeysAndPaths) {
  EXPECT_TRUE(IsValidId("marketing-worker.1_A"));
  EXPECT_TRUE(IsValidId(std::string(64, 'x')));
  for (const std::string& id :
       {std::string(), std::string(65, 'x'), std::string("a:b"), std::string("a/b"),
        std::string("a*"), std::string("a\nb"), std::string("\xc3\xa4")}) {
    EXPECT_FALSE(IsValidId(id)) << id;
  }
}

}  // namespace
}  // namespace platform
