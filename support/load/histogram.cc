#include "support/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace proving_ground {
namespace {

constexpr std::size_t kSteps = 128;  // linear buckets per power of two

// Values below kSteps have a bucket each; from there on the buckets of a power of two are as wide
// as that power divided by kSteps.
std::size_t BucketOf(std::uint64_t value) {
  if (value < kSteps) return value;
  const int shift = std::bit_width(value) - std::bit_width(kSteps);
  return static_cast<std::size_t>(shift) * kSteps + (value >> shift);
}

// Largest value that falls into a bucket.
std::uint64_t BucketEnd(std::size_t bucket) {
  if (bucket < 2 * kSteps) return bucket;
  const std::size_t shift = bucket / kSteps - 1;
  return ((bucket - shift * kSteps + 1) << shift) - 1;
}

}  // namespace

void LatencyHistogram::Add(Duration value) {
  value = std::max(value, Duration::zero());
  const std::size_t bucket = BucketOf(static_cast<std::uint64_t>(value.count()));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  maximum_ = std::max(maximum_, value);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  maximum_ = std::max(maximum_, other.maximum_);
}

std::optional<LatencyHistogram::Duration> LatencyHistogram::Percentile(
    double fraction, std::int64_t minimum_samples) const {
  if (!(fraction > 0 && fraction <= 1)) {
    throw std::invalid_argument("a percentile's fraction lies in (0, 1]");
  }
  if (count_ == 0 || count_ < minimum_samples) return std::nullopt;
  // Nearest rank. The small step back keeps 0.7 * 10 from being rank 8 by a rounding error.
  const auto rank =
      static_cast<std::int64_t>(std::ceil(fraction * static_cast<double>(count_) - 1e-9));
  std::int64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) {
      return std::min(Duration(static_cast<Duration::rep>(BucketEnd(bucket))), maximum_);
    }
  }
  return maximum_;
}

}  // namespace proving_ground
