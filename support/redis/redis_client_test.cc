#include "support/redis/redis_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/base/poll.h"
#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class RedisClientTest : public testing::Test {
 protected:
  PrivateRedis server_;
  RedisClient redis_{server_.options()};
};

TEST_F(RedisClientTest, RepliesAreTyped) {
  EXPECT_EQ(redis_.Command({"PING"}).type, RedisReply::Type::kStatus);
  EXPECT_EQ(redis_.Command({"GET", "none"}).type, RedisReply::Type::kNil);
  EXPECT_EQ(redis_.Command({"LPUSH", "list", "a", "b"}).integer, 2);

  const RedisReply list = redis_.Command({"LRANGE", "list", "0", "-1"});

  ASSERT_EQ(list.type, RedisReply::Type::kArray);
  ASSERT_EQ(list.elements.size(), 2u);
  EXPECT_EQ(list.elements[0].text, "b");
}

TEST_F(RedisClientTest, ArgumentsMayHoldAnyByte) {
  const std::string value("a\0b\r\nc", 6);

  redis_.Command({"SET", "key", value});

  EXPECT_EQ(redis_.Command({"GET", "key"}).text, value);
}

TEST_F(RedisClientTest, ListsAllKeysAcrossPages) {
  for (int i = 0; i < 2500; ++i) redis_.Command({"SET", "key:" + std::to_string(i), "x"});

  EXPECT_EQ(redis_.AllKeys().size(), 2500u);
  EXPECT_EQ(redis_.KeyCount(), 2500);
}

TEST_F(RedisClientTest, ReadsInfoOfOneSection) {
  const auto memory = redis_.Info("memory");

  ASSERT_TRUE(memory.contains("used_memory"));
  EXPECT_GT(std::stoll(memory.at("used_memory")), 0);
  EXPECT_FALSE(memory.contains("redis_version"));
}

TEST_F(RedisClientTest, AuthenticatesAsUserAndKeepsThePasswordToItself) {
  redis_.Command({"ACL", "SETUSER", "monitor", "on", ">open sesame", "+ping"});
  auto options = server_.options();
  options.user = "monitor";
  options.password = "open sesame";
  RedisClient monitor(options);
  options.password = "guessed wrong";
  RedisClient stranger(options);

  EXPECT_EQ(monitor.Command({"PING"}).text, "PONG");
  EXPECT_THROW(monitor.Command({"GET", "key"}), RedisRefused);
  try {
    stranger.Command({"PING"});
    FAIL() << "a wrong password was accepted";
  } catch (const RedisRefused& refused) {
    EXPECT_THAT(refused.text(), HasSubstr("WRONGPASS"));
    EXPECT_THAT(refused.what(), Not(HasSubstr("guessed wrong")));
  }
}

TEST_F(RedisClientTest, MissedDeadlineIsNotTakenForTheNextAnswer) {
  auto options = server_.options();
  options.answer_within = 100ms;
  RedisClient impatient(options);
  impatient.Command({"SET", "key", "value"});
  server_.Freeze();
  try {
    impatient.Command({"GET", "key"});
    FAIL() << "a frozen server answered";
  } catch (const RedisUnavailable& unavailable) {
    EXPECT_TRUE(unavailable.sent());
  }
  server_.Thaw();

  EXPECT_EQ(impatient.Command({"PING"}).text, "PONG");
  EXPECT_EQ(impatient.connections(), 2);
}

TEST_F(RedisClientTest, ReconnectsAfterTheServerDiedAndSaysWhetherItWasSent) {
  redis_.Command({"PING"});
  server_.Kill();
  EXPECT_THROW(redis_.Command({"PING"}), RedisUnavailable);
  try {
    redis_.Command({"PING"});
    FAIL() << "a dead server answered";
  } catch (const RedisUnavailable& unavailable) {
    EXPECT_FALSE(unavailable.sent());
    EXPECT_THAT(unavailable.what(), HasSubstr(server_.options().unix_socket));
  }

  server_.Start();

  EXPECT_EQ(redis_.Command({"PING"}).text, "PONG");
}

}  // namespace
}  // namespace proving_ground
