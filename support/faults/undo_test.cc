#include "support/faults/undo.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

NetworkAttachment Attachment() {
  return {.network_id = "n1",
          .address = "10.0.0.2",
          .aliases = {"redis", "cache"},
          .static_address = "10.0.0.9",
          .links = {"a:b"},
          .driver_options = {{"mtu", "1400"}},
          .gateway_priority = 3};
}

TEST(UndoStepTest, IsReadAsItWasWritten) {
  const std::vector<UndoStep> steps = {
      StartContainer{{"redis", 2}},
      UnpauseContainer{{"redis"}},
      ConnectNetwork{{"redis"}, "net", Attachment()},
      RemoveHelper{"helper"},
      RedisCommands{{{"ACL", "SETUSER", "a", "#@sha256:/x"}, {"PING"}}},
      ComposeUp{{"redis"}, {{"redis", 2}}},
      RestoreFile{"/secrets/a", "/secrets/a.before"}};
  for (const UndoStep& step : steps) {
    SCOPED_TRACE(Describe(step));
    const nlohmann::json document = ToJson(step);
    const UndoStep read = UndoStepFromJson(nlohmann::json::parse(document.dump()));
    EXPECT_EQ(read.index(), step.index());
    EXPECT_EQ(ToJson(read), document);
    EXPECT_EQ(Describe(read), Describe(step));
  }
}

TEST(UndoStepTest, KeepsHowTheContainerWasAttached) {
  const UndoStep step = UndoStepFromJson(ToJson(ConnectNetwork{{"redis"}, "net", Attachment()}));
  const NetworkAttachment& attachment = std::get<ConnectNetwork>(step).attachment;
  EXPECT_EQ(attachment.aliases, Attachment().aliases);
  EXPECT_EQ(attachment.static_address, "10.0.0.9");
  EXPECT_EQ(attachment.driver_options, Attachment().driver_options);
  EXPECT_EQ(attachment.gateway_priority, 3);
}

TEST(UndoStepTest, IsTold) {
  EXPECT_EQ(Describe(UndoStep(StartContainer{{"redis"}})), "start redis");
  EXPECT_EQ(Describe(UndoStep(StartContainer{{"worker", 3}})), "start worker-3");
  EXPECT_EQ(Describe(UndoStep(RedisCommands{{{"REPLICAOF", "NO", "ONE"}}})),
            "tell Redis REPLICAOF NO ONE");
  EXPECT_EQ(Describe(UndoStep(ComposeUp{})), "bring up all services");
}

TEST(UndoStepTest, RefusesWhatIsNoStep) {
  EXPECT_THROW(UndoStepFromJson({{"step", "erase_disk"}}), UsageError);
  EXPECT_THROW(UndoStepFromJson({{"step", "start"}}), UsageError);
  EXPECT_THROW(UndoStepFromJson({{"step", "start"}, {"service", "a"}, {"number", "one"}}),
               UsageError);
  EXPECT_THROW(UndoStepFromJson(3), UsageError);
}

}  // namespace
}  // namespace proving_ground
