// Waiting times between attempts: exponential, capped, jittered.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace platform {

// Yields the wait before each next attempt. The ceiling doubles from `minimum` to `maximum`; the
// wait is drawn evenly from the upper half of it, so that many clients that lost one server
// together do not return together, while none returns at once.
class Backoff {
 public:
  // `seed` makes the sequence reproducible in tests; services pass std::random_device{}().
  Backoff(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum, std::uint32_t seed);

  // The wait before the next attempt, in [ceiling / 2, ceiling]; raises the ceiling for the one
  // after.
  std::chrono::milliseconds Next();

  // Call after a success: the next wait is short again.
  void Reset() { ceiling_ = minimum_; }

 private:
  std::chrono::milliseconds minimum_;
  std::chrono::milliseconds maximum_;
  std::chrono::milliseconds ceiling_;
  std::minstd_rand random_;
};

}  // namespace platform
