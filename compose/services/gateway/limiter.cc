#include "compose/services/gateway/limiter.h"

#include <algorithm>

namespace platform {

TeamLimiter::TeamLimiter(Options options)
    : options_(std::move(options)), tokens_(options_.burst), refilled_at_(options_.now()) {}

std::optional<TeamLimiter::Permit> TeamLimiter::TryAcquire() {
  const auto now = options_.now();
  const std::lock_guard lock(mutex_);
  if (now > refilled_at_) {
    const double seconds = std::chrono::duration<double>(now - refilled_at_).count();
    tokens_ = std::min(options_.burst, tokens_ + seconds * options_.rate);
    refilled_at_ = now;
  }
  if (running_ >= options_.max_concurrent || tokens_ < 1) return std::nullopt;
  tokens_ -= 1;
  ++running_;
  return std::optional<Permit>(std::in_place, this);
}

void TeamLimiter::Release() {
  const std::lock_guard lock(mutex_);
  --running_;
}

}  // namespace platform
