// What the lines of a probe come to. Thread-safe: lines arrive on one thread and are asked for on
// others.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/faults/operation.h"
#include "support/faults/probe/probe_lines.h"

namespace proving_ground {

class ProbeRecord {
 public:
  explicit ProbeRecord(std::string id_prefix) : id_prefix_(std::move(id_prefix)) {}

  // Takes a line. Never throws: a line that makes no sense is told by Failure.
  void Add(std::string_view line);

  // Operations by time of issue, as far as nothing is missing: of each kind those issued before the
  // oldest one that is not settled yet, so that what hangs cannot be overlooked.
  History Settled() const;
  // All that was settled.
  History All() const;
  // Were the `count` tasks issued last before some moment after `since` all acknowledged, finished,
  // and issued one after the other? Says in `seen` how many were.
  bool Served(int count, Clock::time_point since, std::string& seen) const;

  std::optional<ProbeEnded> ended() const;
  // Why the probe cannot go on; empty: it can.
  std::string Failure() const;

 private:
  struct Finish {
    Clock::time_point at;
    std::string worker;
  };
  // Of one kind, by number; an operation that is not settled yet is absent.
  using Operations = std::vector<std::optional<Operation>>;

  void Take(const ProbeStarted&) {}
  void Take(const ProbeSettled& line);
  void Take(const ProbeFinish& line);
  void Take(const ProbeEnded& line);
  void Take(const ProbeTrouble& line);
  History Merge(bool up_to_first_missing) const;

  const std::string id_prefix_;
  mutable std::mutex mutex_;
  Operations tasks_;
  Operations writes_;
  std::map<std::int64_t, Finish> early_finishes_;  // seen before the task was settled
  std::optional<ProbeEnded> ended_;
  std::string failure_;
};

}  // namespace proving_ground
