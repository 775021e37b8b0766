// Looks at the stack's resources at a fixed interval: memory per role, Redis memory and keys, ping.
// Where the numbers come from is injected, so that this part knows neither engine nor client.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/base/poll.h"
#include "support/load/recording.h"

namespace proving_ground {

// What Redis says about itself.
struct RedisReading {
  double used_memory = 0;  // bytes
  std::int64_t keys = 0;
};

// Memory of the containers of each role together, by role name.
using ReadMemory = std::function<std::map<std::string, MemoryUse>()>;
using ReadRedis = std::function<RedisReading()>;

class Sampler {
 public:
  struct Sources {
    ReadMemory memory;
    ReadRedis redis;
    std::function<std::optional<std::chrono::microseconds>()> ping;
    std::function<std::int64_t()> finished;  // tasks finished so far
  };

  // Takes the first sample at once. Times are recorded relative to `epoch`. A source that throws
  // leaves its part of the sample empty.
  Sampler(Sources sources, std::chrono::milliseconds every, Clock::time_point epoch);

  ResourceSample Latest() const;

  // Takes a last sample and ends. Further calls return the same.
  std::vector<ResourceSample> Stop();

 private:
  void Run(const std::stop_token& stop);
  void Take();

  Sources sources_;
  std::chrono::milliseconds every_;
  Clock::time_point epoch_;
  mutable std::mutex mutex_;
  std::vector<ResourceSample> samples_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace proving_ground
