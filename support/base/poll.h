// Waiting: the only place of the tree that sleeps.
//
// Every wait has a subject, a deadline and a last word:
//
//   const Endpoint redis = Await("redis to publish its port", Within(30s),
//                                [&]() -> std::optional<Endpoint> { return stack.Find("redis"); });
//   Await("all workers idle", deadline, [&](std::string& seen) {
//     const int idle = CountIdle();
//     seen = std::to_string(idle) + " of 50 idle";
//     return idle == 50;
//   });
//
// When the deadline passes it throws DeadlineExceeded: "gave up waiting for all workers idle after
// 30.0 s and 121 looks, last seen: 48 of 50 idle". What a probe throws is not swallowed: a wait is
// not a way to ignore errors.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

namespace proving_ground {

using Clock = std::chrono::steady_clock;

// A point in time by which something must have happened. It is passed down, not made anew per
// layer.
class Deadline {
 public:
  explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at() const { return at_; }
  bool Passed() const { return Clock::now() >= at_; }
  // Time left; zero when the deadline has passed.
  Clock::duration Remaining() const;

 private:
  Clock::time_point at_;
};

// The deadline that lies `duration` from now.
Deadline Within(Clock::duration duration);

// How often a wait looks: soon at first, then less and less often up to `slowest`.
struct Pace {
  std::chrono::milliseconds fastest{5};
  std::chrono::milliseconds slowest{250};
};

// Sleeps until `until`. Returns true when that time has come, false as soon as `stop` is requested
// or the process is interrupted. Accurate to the scheduler's precision (tens of microseconds), so
// fit for pacing load.
bool PauseUntil(Clock::time_point until, std::stop_token stop = {});

// "1.50 s", "35 ms", "12 us": for messages.
std::string DurationText(Clock::duration duration);

namespace internal {

// Bookkeeping of one wait, so that the template below stays small.
class Wait {
 public:
  Wait(std::string subject, Deadline deadline, Pace pace);
  // Called after a look that did not find what is wanted. Sleeps until the next look; throws
  // DeadlineExceeded after the deadline and Interrupted after a signal.
  void PauseAfterLook(const std::string& seen);

 private:
  std::string subject_;
  Deadline deadline_;
  Clock::time_point started_ = Clock::now();
  std::chrono::milliseconds pause_;
  std::chrono::milliseconds slowest_;
  int looks_ = 0;
};

template <typename Probe>
auto Look(Probe& probe, std::string& seen) {
  if constexpr (std::is_invocable_v<Probe&, std::string&>) {
    return probe(seen);
  } else {
    return probe();
  }
}

}  // namespace internal

// Calls `probe` until it finds what is wanted: a probe that returns bool is done at true, one that
// returns std::optional<T> at a value, which is returned. A probe may take a `std::string&` and say
// there what it saw. It is called at least once, and once more when the deadline has come, so that
// a slow machine does not turn a late success into a failure. Throws DeadlineExceeded, Interrupted,
// and whatever `probe` throws.
template <typename Probe>
auto Await(std::string subject, Deadline deadline, Probe probe, Pace pace = {}) {
  internal::Wait wait(std::move(subject), deadline, pace);
  std::string seen;
  for (;;) {
    seen.clear();
    auto found = internal::Look(probe, seen);
    if constexpr (std::is_same_v<decltype(found), bool>) {
      if (found) return;
    } else {
      if (found.has_value()) return *std::move(found);
    }
    wait.PauseAfterLook(seen);
  }
}

}  // namespace proving_ground
