#include "support/attacks/mcp/store_search.h"

#include <gmock/gmock.h>

#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class RedisSearchTest : public testing::Test {
 protected:
  void Run(const std::vector<std::string>& command) { redis_.Command(command); }

  PrivateRedis server_;
  RedisClient redis_{server_.options()};
};

TEST_F(RedisSearchTest, FindsATextInNamesAndInEveryKindOfContent) {
  Run({"SET", "string", "a needle in it"});
  Run({"HSET", "hash field", "needle", "1"});
  Run({"HSET", "hash value", "1", "needle"});
  Run({"RPUSH", "list", "other", "needle"});
  Run({"SADD", "set", "needle"});
  Run({"ZADD", "sorted", "1", "needle"});
  Run({"XADD", "stream", "*", "entry", "needle"});
  Run({"SET", "needle in the name", "x"});
  Run({"SET", "hay", "x"});

  EXPECT_THAT(RedisSearch(server_.options()).KeysHolding("needle"),
              UnorderedElementsAre("string", "hash field", "hash value", "list", "set", "sorted",
                                   "stream", "needle in the name"));
}

TEST_F(RedisSearchTest, SeesWhetherWhatItPlantedWasTouched) {
  RedisSearch search(server_.options());
  search.Plant("team:needle", "planted");
  EXPECT_TRUE(search.Stands("team:needle", "planted"));
  Run({"SET", "team:needle", "other"});
  EXPECT_FALSE(search.Stands("team:needle", "planted"));
  Run({"DEL", "team:needle"});
  Run({"HSET", "team:needle", "planted", "planted"});
  EXPECT_FALSE(search.Stands("team:needle", "planted")) << "another kind of key";
}

TEST_F(RedisSearchTest, SeesKeysThatTheStoreRefused) {
  Run({"ACL", "SETUSER", "team", "on", "nopass", "~team:*", "+@all"});
  RedisClient team(server_.options());
  team.Command({"AUTH", "team", "x"});
  EXPECT_THROW(team.Command({"SET", "other:needle", "1"}), RedisRefused);
  EXPECT_THROW(team.Command({"GET", "other:hay"}), RedisRefused);

  EXPECT_THAT(RedisSearch(server_.options()).KeysRefused("needle"),
              UnorderedElementsAre("other:needle"));
}

TEST_F(RedisSearchTest, PurgesWhatHoldsItAndNothingElse) {
  Run({"HSET", "team:memory", "kept", "1", "needle", "2", "3", "needle"});
  Run({"XADD", "team:journal", "*", "entry", "kept"});
  Run({"XADD", "team:ended", "1-1", "entry", "gone"});
  Run({"XDEL", "team:ended", "1-1"});
  RedisSearch search(server_.options());
  Run({"XADD", "team:journal", "*", "entry", "needle"});
  Run({"XADD", "team:ended", "*", "entry", "needle"});
  Run({"XADD", "team:posts", "*", "entry", "needle"});
  Run({"RPUSH", "team:list", "kept", "needle"});
  Run({"SET", "team:new", "needle"});

  search.Purge("needle");

  EXPECT_THAT(search.KeysHolding("needle"), IsEmpty());
  EXPECT_THAT(search.KeysHolding("kept"),
              UnorderedElementsAre("team:memory", "team:journal", "team:list"));
  EXPECT_THAT(redis_.AllKeys(),
              UnorderedElementsAre("team:memory", "team:journal", "team:list", "team:ended"));
}

}  // namespace
}  // namespace proving_ground
