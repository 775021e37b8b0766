#include "support/audit/sweep/container_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const std::vector<ShownField>& fields) {
  std::vector<std::string> texts;
  for (const ShownField& field : fields) {
    texts.push_back(std::string(AreaName(field.area)) + ": " + field.text);
  }
  return texts;
}

TEST(ContainerTextsTest, TakesWhatInspectShows) {
  const auto inspect = nlohmann::json::parse(R"({
    "Path": "redis-server", "Args": ["--requirepass", "a b"],
    "Config": {
      "Env": ["MODE=fast", "PASSWORD=x"], "Labels": {"com.shop.team": "sales"},
      "Healthcheck": {"Test": ["CMD", "redis-cli", "ping"]}
    },
    "HostConfig": {"LogConfig": {"Type": "splunk", "Config": {"splunk-token": "t"}}},
    "State": {"Health": {"Log": [{"ExitCode": 0, "Output": "PONG"}]}}
  })");
  EXPECT_THAT(Texts(FieldsOfContainer(inspect)),
              ElementsAre("environment: MODE=fast", "environment: PASSWORD=x",
                          "command line: redis-server --requirepass a b",
                          "label: com.shop.team=sales", "label: splunk-token=t",
                          "health check: CMD redis-cli ping", "health check: PONG"));
}

TEST(ContainerTextsTest, TakesWhatAnImageShows) {
  const auto inspect = nlohmann::json::parse(
      R"({"Config": {"Env": ["PATH=/bin"], "Labels": null, "Cmd": ["serve"]}, "Comment": ""})");
  const auto history =
      nlohmann::json::parse(R"([{"CreatedBy": "ENV PASSWORD=x", "Comment": ""}, {"Id": 1}])");
  EXPECT_THAT(Texts(FieldsOfImage(inspect, history)),
              ElementsAre("image: PATH=/bin", "image: serve", "image: ENV PASSWORD=x"));
}

TEST(ContainerTextsTest, OddShapesAreLeftOut) {
  for (const char* text : {"null", "[]", "7", R"({"Config": [], "Args": 4, "Path": {}})",
                           R"({"Config": {"Env": [null, 3], "Labels": {"a": {}}},
                               "State": {"Health": {"Log": [7, {"Output": []}]}}})"}) {
    EXPECT_THAT(FieldsOfContainer(nlohmann::json::parse(text)), IsEmpty()) << text;
  }
  EXPECT_THAT(FieldsOfImage(nullptr, nlohmann::json::parse("[null, 4, {}]")), IsEmpty());
}

}  // namespace
}  // namespace proving_ground
