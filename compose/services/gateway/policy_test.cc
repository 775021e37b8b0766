#include "compose/services/gateway/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "compose/services/common/configuration_error.h"

namespace platform {
namespace {

using ::testing::ElementsAre;

class PolicyTest : public ::testing::Test {
 protected:
  PolicyTest()
      : path_(std::filesystem::temp_directory_path() /
              ("policy-test-" + std::to_string(getpid()))) {}
  ~PolicyTest() override { std::filesystem::remove(path_); }

  FilePolicy Read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return FilePolicy(path_,
                      [](std::string_view tool) { return tool == "read" || tool == "write"; });
  }

  const std::filesystem::path path_;
};

TEST_F(PolicyTest, AllowsExactlyWhatItNames) {
  const FilePolicy policy =
      Read(R"({"teams":{"alpha":{"tools":["read","write"]},"beta":{"tools":["read"]},
                                              "gamma":{"tools":[]}}})");

  EXPECT_THAT(policy.teams(), ElementsAre("alpha", "beta", "gamma"));
  EXPECT_TRUE(policy.Allows("alpha", "write"));
  EXPECT_TRUE(policy.Allows("beta", "read"));
  EXPECT_FALSE(policy.Allows("beta", "write"));
  EXPECT_FALSE(policy.Allows("gamma", "read"));
  for (const char* team : {"", "alph", "alphabet", "Alpha", "alpha ", "*"}) {
    EXPECT_FALSE(policy.Allows(team, "read")) << team;
  }
  for (const char* tool : {"", "rea", "reads", "Read", "read ", "*", "alpha.read"}) {
    EXPECT_FALSE(policy.Allows("alpha", tool)) << tool;
  }
}

TEST_F(PolicyTest, RefusesToStartWithAPolicyItDoesNotUnderstand) {
  for (const char* text :
       {"", "{", "[]", "null", "{}", R"({"teams":{}})", R"({"teams":[]})", R"({"teams":{"a":{}}})",
        R"({"teams":{"a":["read"]}})", R"({"teams":{"a":{"tools":"read"}}})",
        R"({"teams":{"a":{"tools":["raed"]}}})", R"({"teams":{"a":{"tools":[1]}}})",
        R"({"teams":{"A":{"tools":["read"]}}})", R"({"teams":{"a":{"tools":["read"],"extra":1}}})",
        R"({"teams":{"a":{"tools":["read"]}},"default":"allow"})",
        R"({"teams":{"a":{"tools":["read"]},"a":{"tools":["write"]}}})",
        R"({"teams":{"a":{"tools":["read"]}})"}) {
    EXPECT_THROW(Read(text), ConfigurationError) << text;
  }
  EXPECT_THROW(FilePolicy("/nonexistent", [](std::string_view) { return true; }),
               ConfigurationError);
}

}  // namespace
}  // namespace platform
