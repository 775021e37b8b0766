#include "support/audit/sweep/redis_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kKnown[] = "9b1d77ae03c24f58";

class RedisValuesTest : public testing::Test {
 protected:
  SweepResult Search(const RedisValueLimits& limits = {}) {
    Sweep sweep(detector_, known_);
    keys_ = SearchRedis(redis_, "redis", limits, sweep);
    return sweep.Take();
  }

  PrivateRedis server_;
  RedisClient redis_{server_.options()};
  SecretDetector detector_{Fingerprinter("salt")};
  KnownSecrets known_{{{"token-sales", kKnown}}, Fingerprinter("salt")};
  std::int64_t keys_ = 0;
};

TEST_F(RedisValuesTest, ReadsEveryTypeInEveryDatabase) {
  redis_.Command({"SET", "string:a", kKnown});
  redis_.Command({"HSET", "hash:a", "state", "done", "smtp_password", "sun4flower"});
  redis_.Command({"RPUSH", "list:a", "job", std::string("x ") + kKnown});
  redis_.Command({"SADD", "set:a", kKnown});
  redis_.Command({"ZADD", "zset:a", "1", kKnown});
  redis_.Command({"XADD", "stream:a", "*", "event", kKnown});
  redis_.Command({"SELECT", "3"});
  redis_.Command({"SET", std::string("session:") + kKnown, "1"});
  redis_.Command({"SELECT", "0"});

  const SweepResult result = Search();

  EXPECT_EQ(keys_, 7);
  EXPECT_THAT(result.findings, SizeIs(7));
  EXPECT_THAT(result.unevaluated, IsEmpty());
  EXPECT_THAT(result.findings, Each(AllOf(Field(&Finding::rule, "SEC-26"),
                                          Field(&Finding::evidence, Not(HasSubstr(kKnown))))));
  for (const Finding& finding : result.findings) {
    EXPECT_THAT(finding.place.object, Not(HasSubstr(kKnown)));
  }
}

TEST_F(RedisValuesTest, TheNameOfAKeyTellsWhatItsValueIs) {
  redis_.Command({"SET", "team:sales:password", "sun4flower"});
  redis_.Command({"SET", "team:sales:motto", "sun4flower"});
  EXPECT_THAT(Search().findings, SizeIs(1));
}

TEST_F(RedisValuesTest, HarmlessValuesAreNoFindings) {
  redis_.Command({"HSET", "team:sales:task:1", "state", "done", "token_count", "4711"});
  EXPECT_THAT(Search().findings, IsEmpty());
}

TEST_F(RedisValuesTest, MoreKeysThanAreLookedAtMakeItIncomplete) {
  redis_.Command({"MSET", "a", "1", "b", "2", "c", "3"});
  EXPECT_THAT(Search({.keys = 2}).unevaluated, SizeIs(1));
  EXPECT_EQ(keys_, 2);
  EXPECT_THAT(Search({.keys = 3}).unevaluated, IsEmpty());
}

TEST_F(RedisValuesTest, MoreElementsThanAreLookedAtMakeItIncomplete) {
  redis_.Command({"RPUSH", "list", "a", "b", "c"});
  redis_.Command({"XADD", "stream", "*", "event", "a"});
  EXPECT_THAT(Search({.elements = 2}).unevaluated, SizeIs(1));
  EXPECT_THAT(Search({.elements = 3}).unevaluated, IsEmpty());
}

TEST_F(RedisValuesTest, LongStreamsAreReadToTheirFirstEntry) {
  redis_.Command({"XADD", "stream", "*", "event", kKnown});
  for (int i = 0; i < 2'500; ++i) redis_.Command({"XADD", "stream", "*", "event", "a"});
  const SweepResult all = Search();
  EXPECT_THAT(all.findings, SizeIs(1));
  EXPECT_THAT(all.unevaluated, IsEmpty());
  EXPECT_THAT(Search({.elements = 2'000}).unevaluated, SizeIs(1));
}

TEST_F(RedisValuesTest, AnAccountThatMayNotReadIsAnError) {
  redis_.Command({"SET", "a", "1"});
  redis_.Command({"ACL", "SETUSER", "blind", "on", ">pw", "~x:*", "+@all"});
  RedisClient::Options options = server_.options();
  options.user = "blind";
  options.password = "pw";
  RedisClient blind(options);
  Sweep sweep(detector_, known_);
  EXPECT_THROW(SearchRedis(blind, "redis", {}, sweep), RedisRefused);
}

}  // namespace
}  // namespace proving_ground
