// When operations are due, and how late they were issued.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "support/base/poll.h"

namespace proving_ground {

// How late operations were issued, in classes of 10 us up to 100 ms.
class LagRecorder {
 public:
  void Add(Clock::duration lag);
  std::chrono::microseconds worst() const;
  // The lag that 99 % of all did not exceed, rounded up to its class; above 100 ms it is the worst.
  std::chrono::microseconds P99() const;

 private:
  std::array<std::int64_t, 10'000> classes_{};
  std::int64_t count_ = 0;
  Clock::duration worst_{0};
};

// One operation every `every`, by absolute time: what is late does not move what follows. An
// operation that is more than `kLatest` late is left out, so that a process that was stopped for
// long does not make up for it in one burst; its lag counts all the same.
class Schedule {
 public:
  static constexpr std::chrono::milliseconds kLatest{100};

  Schedule(Clock::time_point start, Clock::duration every) : next_(start), every_(every) {}

  Clock::time_point next() const { return next_; }
  // Is an operation to be issued now? Then the next one comes `every` after it was due.
  bool Take(Clock::time_point now, LagRecorder& lag);
  std::int64_t left_out() const { return left_out_; }

 private:
  Clock::time_point next_;
  const Clock::duration every_;
  std::int64_t left_out_ = 0;
};

}  // namespace proving_ground
