#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace platform {

// Bounds what one team can ask of the gateway: a token bucket for the rate, and a number of
// requests at the same time. Each team has its own, so that the flood of one is refused before it
// costs the others anything. Thread-safe.
class TeamLimiter {
 public:
  struct Options {
    double rate = 10'000;  // requests per second in the long run
    double burst = 2'000;  // requests at once after a pause
    int max_concurrent = 256;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  };

  // The right to run one request; gives its place back when it is destroyed.
  class Permit {
   public:
    explicit Permit(TeamLimiter* limiter) : limiter_(limiter) {}
    Permit(Permit&& other) noexcept : limiter_(other.limiter_) { other.limiter_ = nullptr; }
    Permit& operator=(Permit&&) = delete;
    ~Permit() {
      if (limiter_ != nullptr) limiter_->Release();
    }

   private:
    TeamLimiter* limiter_;
  };

  explicit TeamLimiter(Options options);

  // Nothing when the team is over one of its limits.
  std::optional<Permit> TryAcquire();

 private:
  void Release();

  const Options options_;
  std::mutex mutex_;
  double tokens_;
  std::chrono::steady_clock::time_point refilled_at_;
  int running_ = 0;
};

}  // namespace platform
