#include "support/audit/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/audit/audit.h"
#include "support/audit/testing/clean_stack.h"
#include "support/engine/testing/mock_transport.h"
#include "support/redis/private_redis.h"

namespace proving_ground::audit {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::NiceMock;
using ::testing::Return;

TEST(CollectTest, ReadsWhatRedisHasInForce) {
  const PrivateRedis server;
  RedisClient redis(server.options());
  redis.Command({"CONFIG", "SET", "maxmemory", "8mb"});
  redis.Command({"ACL", "SETUSER", "guest", "on", "nopass", "~*", "+@all"});
  AuditInput input;

  RedisClient other(server.options());
  other.Command({"AUTH", "guest", "x"});

  CollectRedis(redis, input);

  ASSERT_TRUE(input.redis_in_force) << input.redis_unread;
  ASSERT_EQ(input.redis_in_force->connections.size(), 1U) << "without its own";
  EXPECT_EQ(input.redis_in_force->connections[0].account, "guest");
  EXPECT_EQ(input.redis_in_force->settings.at("maxmemory"), "8388608");
  EXPECT_THAT(input.redis_in_force->accounts, Contains(HasSubstr("user guest on nopass")));
}

TEST(CollectTest, ChangesOfARunningRedisAreFindings) {
  const PrivateRedis server;
  RedisClient redis(server.options());
  AuditInput input = CleanStack();
  input.redis_files["/etc/redis/redis.conf"] =
      "aclfile /run/secrets/users.acl\nappendonly yes\nmaxmemory-policy noeviction\n";
  redis.Command({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});

  CollectRedis(redis, input);

  std::string rules;
  for (const Finding& finding : Audit(input).findings) {
    rules += finding.rule + " " + finding.evidence + "\n";
  }
  EXPECT_THAT(rules, HasSubstr("RDS-30 maxmemory-policy: configured noeviction, in force allkeys"));
  EXPECT_THAT(rules, HasSubstr("RDS-31 sales is not in force"));
}

TEST(CollectTest, SilentRedisIsSaidToBeUnread) {
  RedisClient redis({.host = "127.0.0.1", .port = 1});
  AuditInput input;

  CollectRedis(redis, input);

  EXPECT_FALSE(input.redis_in_force);
  EXPECT_THAT(input.redis_unread, HasSubstr("127.0.0.1"));
}

// Where neither this machine nor a helper can tell, that is said, not passed over.
TEST(CollectTest, UnreadableKernelIsSaid) {
  auto transport = std::make_unique<NiceMock<MockTransport>>();
  NiceMock<MockTransport>& refusing = *transport;
  const Engine engine = EngineOver(std::move(transport));
  ON_CALL(refusing, Send(_)).WillByDefault(Return(Answer(R"({"message":"not here"})", 403)));
  AuditInput input = CleanStack();
  input.live.clear();
  for (auto& container : input.inspected->containers) container["State"]["Pid"] = 4242424;

  EXPECT_EQ(CollectLive(engine, input, "/nowhere"), LiveSource::kNone);

  ASSERT_EQ(input.unavailable.size(), 1u);
  EXPECT_THAT(input.unavailable[0].reason, HasSubstr("not here"));
  EXPECT_EQ(Audit(input).Verdict(), AuditVerdict::kInconclusive);
}

}  // namespace
}  // namespace proving_ground::audit
