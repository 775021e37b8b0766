#include "support/faults/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/compose/compose_stack.h"
#include "support/faults/testing/fake_engine.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class BaselineTest : public ::testing::Test {
 protected:
  std::vector<std::string> Differences(const Tolerance& tolerance = {}) const {
    return before_.Differences(tolerance);
  }
  json& Network() { return fake_.Inspect(id_)["NetworkSettings"]["Networks"]["net"]; }

  FakeEngine fake_{"shop"};
  std::string id_ = fake_.Add("redis");
  std::string other_ = fake_.Add("gateway");
  Engine engine_ = fake_.Connect();
  Compose compose_{{.project = "shop", .command = {"none"}, .version = "2.26.1"}};
  ComposeStack stack_{compose_, engine_};
  Baseline before_ = Baseline::OfServices(stack_, {"redis"});
};

TEST_F(BaselineTest, WhatDidNotChangeIsNoDifference) { EXPECT_THAT(Differences(), IsEmpty()); }

TEST_F(BaselineTest, NamesLostAndNewAliases) {
  Network()["Aliases"] = json::array({"0123456789ab", "cache"});
  EXPECT_THAT(Differences(),
              UnorderedElementsAre("shop-redis-1: alias \"redis\" on network net is gone",
                                   "shop-redis-1: alias \"cache\" on network net is new"));
}

TEST_F(BaselineTest, NamesNetworks) {
  json& networks = fake_.Inspect(id_)["NetworkSettings"]["Networks"];
  networks["other"] = networks["net"];
  networks.erase("net");
  EXPECT_THAT(Differences(), UnorderedElementsAre("shop-redis-1: is no longer on network net",
                                                  "shop-redis-1: is on network other now"));
}

TEST_F(BaselineTest, NamesStatePolicyAndLimits) {
  json& container = fake_.Inspect(id_);
  container["State"]["Status"] = "paused";
  container["HostConfig"]["RestartPolicy"]["Name"] = "no";
  container["HostConfig"]["Memory"] = 5;
  container["HostConfig"]["NanoCpus"] = 7;
  container["HostConfig"]["PidsLimit"] = 9;
  EXPECT_THAT(Differences(),
              ElementsAre("shop-redis-1: is paused, was running",
                          "shop-redis-1: restart policy is \"no\", was \"unless-stopped\"",
                          "shop-redis-1: memory limit is \"5\", was \"1048576\"",
                          "shop-redis-1: CPU limit is \"7\", was \"0\"",
                          "shop-redis-1: limit of processes is \"9\", was \"32\""));
}

TEST_F(BaselineTest, NamesImageAndLabelsThatMatter) {
  json& config = fake_.Inspect(id_)["Config"];
  config["Image"] = "image:2";
  config["Labels"]["acceptance.role"] = "redis";
  config["Labels"]["com.docker.compose.version"] = "3";
  EXPECT_THAT(Differences(), ElementsAre("shop-redis-1: image is \"image:2\", was \"image:1\"",
                                         "shop-redis-1: label \"acceptance.role=worker\" is gone",
                                         "shop-redis-1: label \"acceptance.role=redis\" is new"));
}

TEST_F(BaselineTest, AddressesMayChangeWhereThatIsSaid) {
  Network()["IPAddress"] = "10.0.0.7";
  EXPECT_THAT(
      Differences(),
      ElementsAre("shop-redis-1: address on network net is \"10.0.0.7\", was \"10.0.0.2\""));
  EXPECT_THAT(Differences({.addresses_may_change = true}), IsEmpty());
}

TEST_F(BaselineTest, ContainersMayChangeWhereThatIsSaid) {
  fake_.Remove(id_);
  EXPECT_THAT(Differences(), ElementsAre("shop-redis-1: does not exist"));
  fake_.Add("third");
  fake_.Add("redis");
  EXPECT_THAT(Differences(), ElementsAre("shop-redis-1: is another container"));
  EXPECT_THAT(Differences({.containers_may_change = true}), IsEmpty());
  fake_.Add("redis", 2);
  EXPECT_THAT(Differences({.containers_may_change = true}), ElementsAre("shop-redis-2: is new"));
}

TEST_F(BaselineTest, OtherServicesDoNotMatterUnlessItIsTheWholeStack) {
  const Baseline whole = Baseline::OfStack(stack_);
  fake_.Inspect(other_)["State"]["Status"] = "exited";
  EXPECT_THAT(Differences(), IsEmpty());
  EXPECT_THAT(whole.Differences({}), ElementsAre("shop-gateway-1: is exited, was running"));
}

TEST_F(BaselineTest, NoServicesMeanNoDifferences) {
  const Baseline none = Baseline::OfServices(stack_, {});
  fake_.Remove(id_);
  EXPECT_THAT(none.Differences({}), IsEmpty());
}

TEST_F(BaselineTest, AttachmentsAreComparedByWhatLasts) {
  const NetworkAttachment wanted = {.aliases = {"redis", "0123456789ab"}};
  EXPECT_TRUE(IsAttachedAs(wanted, {.aliases = {"redis", "ba9876543210", "more"}}));
  EXPECT_FALSE(IsAttachedAs(wanted, {.aliases = {"ba9876543210"}}));
  EXPECT_FALSE(IsAttachedAs(wanted, {.aliases = {"redis"}, .static_address = "10.0.0.3"}));
}

}  // namespace
}  // namespace proving_ground
