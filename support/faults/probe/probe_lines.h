// What the program `probe` writes: one JSON document a line, times in nanoseconds of
// CLOCK_MONOTONIC, which is the same within containers and outside.
//
//   {"started":81726354019283}
//   {"task":17,"issued":81726354029283,"settled":81726354030100,"outcome":"ok","status":202}
//   {"write":3,"issued":…,"settled":…,"outcome":"unknown","status":0,"reason":"no answer in time"}
//   {"finished":17,"at":81726354090100,"worker":"engineering-3f2a","attempt":1}
//   {"ended":…,"worst_lag_us":210,"p99_lag_us":90,"left_out":0}
//   {"error":"…"}
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "support/base/poll.h"
#include "support/faults/operation.h"

namespace proving_ground {

struct ProbeStarted {
  Clock::time_point at;
};

// An operation that was answered, or that nobody waits for any more.
struct ProbeSettled {
  OperationKind kind = OperationKind::kTask;
  std::int64_t number = 0;  // of its kind, in the order of issue, from 0
  Clock::time_point issued;
  Clock::time_point settled;
  OperationOutcome outcome = OperationOutcome::kUnknown;
  int status = 0;
  std::string reason;
};

struct ProbeFinish {
  std::int64_t number = 0;  // of the task
  Clock::time_point at;     // when it was seen
  std::string worker;
  int attempt = 0;
};

struct ProbeEnded {
  Clock::time_point at;
  std::chrono::microseconds worst_lag{0};  // latest it ever issued an operation
  std::chrono::microseconds p99_lag{0};
  std::int64_t left_out = 0;  // operations of the schedule never issued, for it was itself stalled
};

// It cannot go on.
struct ProbeTrouble {
  std::string message;
};

using ProbeLine = std::variant<ProbeStarted, ProbeSettled, ProbeFinish, ProbeEnded, ProbeTrouble>;

// Without the line's end.
std::string Format(const ProbeLine& line);
// Throws EnvironmentError for what is no such line.
ProbeLine ParseProbeLine(std::string_view text);

// "<prefix>-17" for a task, "<prefix>-write-3" for a write.
std::string OperationId(const std::string& prefix, OperationKind kind, std::int64_t number);

}  // namespace proving_ground
