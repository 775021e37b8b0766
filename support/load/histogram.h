// Latency histogram with log-linear buckets: 128 linear steps per power of two, so a percentile is
// off by less than 1 % over the whole range from one microsecond to a day, in constant memory, and
// two histograms can be added without loss.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace proving_ground {

class LatencyHistogram {
 public:
  using Duration = std::chrono::microseconds;

  // Negative values count as zero: think time ends at the platform's clock, not ours.
  void Add(Duration value);
  void Merge(const LatencyHistogram& other);

  std::int64_t count() const { return count_; }
  // Exact; zero when empty.
  Duration maximum() const { return maximum_; }

  // Smallest recorded value (rounded up to its bucket's end, never above the maximum) that at least
  // `fraction` of all values do not exceed: 0.99 asks for p99. nullopt when there are fewer than
  // `minimum_samples` values, or none: a percentile of nothing is not zero. Throws
  // std::invalid_argument unless 0 < fraction <= 1.
  std::optional<Duration> Percentile(double fraction, std::int64_t minimum_samples) const;

 private:
  std::vector<std::int64_t> buckets_;
  std::int64_t count_ = 0;
  Duration maximum_{0};
};

}  // namespace proving_ground
