// Does Redis answer? Pings on a connection of its own for the whole run and records every gap, so
// that a stall of two seconds in a run of five minutes is seen, which a look at the end never is.
//
//   RedisProbe probe({.host = "127.0.0.1", .port = 49154, …});
//   …
//   PingRecord pings = probe.Stop();
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "support/base/poll.h"
#include "support/load/recording.h"
#include "support/redis/redis_client.h"

namespace proving_ground {

class RedisProbe {
 public:
  struct Options {
    RedisClient::Options redis;
    std::chrono::milliseconds every{100};
  };

  // Starts pinging at once. Times are recorded relative to `epoch`. Never throws for what Redis
  // does: a Redis that cannot be reached is a gap.
  RedisProbe(Options options, Clock::time_point epoch);
  ~RedisProbe();
  RedisProbe(const RedisProbe&) = delete;
  RedisProbe& operator=(const RedisProbe&) = delete;

  // Round trip of the last answered ping; nullopt while none was answered or one is overdue.
  std::optional<std::chrono::microseconds> LastPing() const;

  // Ends the probe; a gap that is still open counts up to now. Further calls return the same.
  PingRecord Stop();

 private:
  class Pinger;
  std::unique_ptr<Pinger> pinger_;
};

}  // namespace proving_ground
