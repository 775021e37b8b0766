// The values of a Redis, searched for secrets.
#pragma once

#include <chrono>
#include <cstdint>

#include "support/audit/sweep/sweep.h"
#include "support/redis/redis_client.h"

namespace proving_ground {

struct RedisValueLimits {
  std::int64_t keys = 20'000;
  std::int64_t elements = 200'000;  // of one key
  std::int64_t bytes = 64 << 20;    // of all values
  std::chrono::seconds time{20};
};

// Goes through the keys of every database and their values: strings, fields of hashes, elements of
// lists, sets and sorted sets, entries of streams; names of keys too. Reads only. What a limit cuts
// off makes the sweep incomplete. Throws RedisUnavailable and RedisRefused (the account may not
// read). Returns how many keys were read.
std::int64_t SearchRedis(RedisClient& redis, const std::string& service,
                         const RedisValueLimits& limits, Sweep& sweep);

}  // namespace proving_ground
