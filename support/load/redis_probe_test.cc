#include "support/load/redis_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::Not;

void Pause(std::chrono::milliseconds duration) { PauseUntil(Clock::now() + duration); }

class RedisProbeTest : public testing::Test {
 protected:
  RedisProbe::Options Options() {
    RedisProbe::Options options;
    options.redis = server_.options();
    options.redis.answer_within = 100ms;
    options.every = 10ms;
    return options;
  }

  PrivateRedis server_;
};

TEST_F(RedisProbeTest, HealthyRedisHasNoLongGap) {
  RedisProbe probe(Options(), Clock::now());
  Await("the first ping", Within(5s), [&] { return probe.LastPing().has_value(); });
  Pause(300ms);

  const PingRecord record = probe.Stop();

  EXPECT_GT(record.answered, 10);
  EXPECT_EQ(record.answered, record.sent);
  EXPECT_GE(record.watched, 300ms);
  EXPECT_LT(record.longest.length, 300ms);
  EXPECT_EQ(record.reconnects, 0);
  EXPECT_EQ(probe.Stop().sent, record.sent) << "ending twice changes nothing";
}

TEST_F(RedisProbeTest, FreezeInTheMiddleIsAGapWithItsMoment) {
  const Clock::time_point epoch = Clock::now();
  RedisProbe probe(Options(), epoch);
  Await("the first ping", Within(5s), [&] { return probe.LastPing().has_value(); });
  const auto frozen_at = Clock::now() - epoch;
  server_.Freeze();
  Pause(400ms);
  EXPECT_EQ(probe.LastPing(), std::nullopt) << "the answer is overdue";
  server_.Thaw();
  Await("pings to be answered again", Within(5s), [&] { return probe.LastPing().has_value(); });

  const PingRecord record = probe.Stop();

  EXPECT_GE(record.longest.length, 390ms);
  EXPECT_LT(record.longest.length, 2000ms);
  EXPECT_NEAR(std::chrono::duration<double>(record.longest.at).count(),
              std::chrono::duration<double>(frozen_at).count(), 0.1);
  EXPECT_GE(record.reconnects, 1);
  EXPECT_THAT(record.gaps, Not(IsEmpty()));
  EXPECT_THAT(record.errors, Not(IsEmpty()));
}

TEST_F(RedisProbeTest, GapThatIsStillOpenAtTheEndCounts) {
  RedisProbe probe(Options(), Clock::now());
  Await("the first ping", Within(5s), [&] { return probe.LastPing().has_value(); });
  server_.Kill();
  Pause(300ms);

  EXPECT_GE(probe.Stop().longest.length, 290ms);
}

TEST_F(RedisProbeTest, RedisThatWasNeverThereIsOneGap) {
  server_.Kill();
  RedisProbe probe(Options(), Clock::now());
  Pause(200ms);

  const PingRecord record = probe.Stop();

  EXPECT_EQ(record.answered, 0);
  EXPECT_GE(record.longest.length, 190ms);
}

}  // namespace
}  // namespace proving_ground
