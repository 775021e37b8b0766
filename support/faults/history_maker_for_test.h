// For tests: histories made by hand, in milliseconds.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "support/faults/operation.h"

namespace proving_ground {

inline Clock::time_point At(double milliseconds) {
  return Clock::time_point(std::chrono::hours(1)) +
         std::chrono::duration_cast<Clock::duration>(
             std::chrono::duration<double, std::milli>(milliseconds));
}

class HistoryMaker {
 public:
  explicit HistoryMaker(OperationKind kind = OperationKind::kTask) : kind_(kind) {}

  // One operation, issued at a time and settled `latency` later.
  HistoryMaker& Add(double issued, double latency, OperationOutcome outcome) {
    Operation operation;
    operation.kind = kind_;
    operation.id = (kind_ == OperationKind::kTask ? "t-" : "w-") + std::to_string(history.size());
    operation.issued = At(issued);
    operation.settled = At(issued + latency);
    operation.outcome = outcome;
    operation.status = outcome == OperationOutcome::kOk ? 202 : 0;
    history.push_back(std::move(operation));
    return *this;
  }
  HistoryMaker& Ok(double issued, double latency = 1) {
    return Add(issued, latency, OperationOutcome::kOk);
  }
  HistoryMaker& Refused(double issued, double latency = 1) {
    return Add(issued, latency, OperationOutcome::kFailed);
  }
  HistoryMaker& Unknown(double issued, double patience = 1'000) {
    return Add(issued, patience, OperationOutcome::kUnknown);
  }
  // Successes, one every 10 ms, from one moment on and before another.
  HistoryMaker& Served(double from, double until, double latency = 1) {
    for (double issued = from; issued < until; issued += 10) Ok(issued, latency);
    return *this;
  }
  HistoryMaker& RefusedAll(double from, double until) {
    for (double issued = from; issued < until; issued += 10) Refused(issued);
    return *this;
  }
  HistoryMaker& HungAll(double from, double until, double patience = 1'000) {
    for (double issued = from; issued < until; issued += 10) Unknown(issued, patience);
    return *this;
  }

  History history;

 private:
  OperationKind kind_;
};

}  // namespace proving_ground
