#include "support/load/sampler.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

TEST(SamplerTest, TakesSamplesInTimeOrderWithAllSources) {
  Sampler::Sources sources;
  sources.memory = [] { return std::map<std::string, MemoryUse>{{"redis", {.anonymous = 7}}}; };
  sources.redis = [] { return RedisReading{1024, 42}; };
  sources.ping = [] { return std::optional(300us); };
  sources.finished = [n = 0]() mutable { return std::int64_t{++n}; };
  Sampler sampler(std::move(sources), 5ms, Clock::now());
  Await("five samples", Within(5s), [&] { return sampler.Latest().finished >= 5; });

  const auto samples = sampler.Stop();

  ASSERT_GE(samples.size(), 6u) << "five and the last";
  for (std::size_t i = 1; i < samples.size(); ++i) EXPECT_GE(samples[i].at, samples[i - 1].at);
  EXPECT_EQ(samples[0].memory.at("redis").anonymous, 7);
  EXPECT_EQ(samples[0].redis_used_memory, 1024);
  EXPECT_EQ(samples[0].keys, 42);
  EXPECT_EQ(samples[0].ping, 300us);
  EXPECT_EQ(sampler.Stop().size(), samples.size());
}

TEST(SamplerTest, SourceThatThrowsLeavesAHoleAndNothingElse) {
  Sampler::Sources sources;
  sources.memory = []() -> std::map<std::string, MemoryUse> {
    throw std::runtime_error("the engine is away");
  };
  sources.redis = [] { return RedisReading{1024, 42}; };
  Sampler sampler(std::move(sources), 5ms, Clock::now());

  const auto samples = sampler.Stop();

  ASSERT_FALSE(samples.empty());
  EXPECT_TRUE(samples.back().memory.empty());
  EXPECT_EQ(samples.back().keys, 42);
  EXPECT_EQ(samples.back().ping, std::nullopt);
}

}  // namespace
}  // namespace proving_ground
