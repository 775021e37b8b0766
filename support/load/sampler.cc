#include "support/load/sampler.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace proving_ground {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// What `source` yields; nullopt when there is none or it throws: a sample that lacks a part is
// worth more than none.
template <typename Source>
auto TryRead(const Source& source) -> std::optional<decltype(source())> {
  if (!source) return std::nullopt;
  try {
    return source();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Sampler::Sampler(Sources sources, milliseconds every, Clock::time_point epoch)
    : sources_(std::move(sources)), every_(every), epoch_(epoch) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

ResourceSample Sampler::Latest() const {
  const std::lock_guard lock(mutex_);
  return samples_.empty() ? ResourceSample{} : samples_.back();
}

std::vector<ResourceSample> Sampler::Stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
    Take();
  }
  return samples_;
}

void Sampler::Run(const std::stop_token& stop) {
  Clock::time_point next = Clock::now();
  while (PauseUntil(next, stop)) {
    Take();
    next = std::max(next + every_, Clock::now());
  }
}

void Sampler::Take() {
  ResourceSample sample;
  // First, because it is slow: what follows is then of one moment.
  sample.memory = TryRead(sources_.memory).value_or(std::map<std::string, MemoryUse>{});
  sample.at = duration_cast<milliseconds>(Clock::now() - epoch_);
  if (const auto redis = TryRead(sources_.redis)) {
    sample.redis_used_memory = redis->used_memory;
    sample.keys = redis->keys;
  }
  sample.ping = TryRead(sources_.ping).value_or(std::nullopt);
  sample.finished = TryRead(sources_.finished).value_or(0);
  const std::lock_guard lock(mutex_);
  samples_.push_back(std::move(sample));
}

}  // namespace proving_ground
