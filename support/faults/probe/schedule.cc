#include "support/faults/probe/schedule.h"

#include <algorithm>

namespace proving_ground {
namespace {

using std::chrono::microseconds;

constexpr microseconds kClassWidth{10};

}  // namespace

void LagRecorder::Add(Clock::duration lag) {
  const auto position = static_cast<std::size_t>(std::max<std::int64_t>(lag / kClassWidth, 0));
  ++classes_[std::min(position, classes_.size() - 1)];
  ++count_;
  worst_ = std::max(worst_, lag);
}

microseconds LagRecorder::worst() const { return std::chrono::duration_cast<microseconds>(worst_); }

microseconds LagRecorder::P99() const {
  std::int64_t above = count_ / 100;  // so many may be later
  for (std::size_t i = classes_.size() - 1; i > 0; --i) {
    above -= classes_[i];
    if (above >= 0) continue;
    const microseconds bound = (static_cast<std::int64_t>(i) + 1) * kClassWidth;
    return i + 1 == classes_.size() ? worst() : std::min(bound, worst());
  }
  return std::min(kClassWidth, worst());
}

bool Schedule::Take(Clock::time_point now, LagRecorder& lag) {
  if (now < next_) return false;
  lag.Add(now - next_);
  if (const auto missed = (now - next_ - kLatest) / every_; now - next_ > kLatest && missed > 0) {
    left_out_ += missed;
    next_ += missed * every_;
  }
  next_ += every_;
  return true;
}

}  // namespace proving_ground
