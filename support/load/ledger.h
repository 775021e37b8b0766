// What became of every task: the book that verdicts are read from.
//
// A task is accepted, refused or unknown. Loss is "accepted but never finished", never a client
// error; a task that finished twice is seen by its events. An unknown outcome is settled by the
// task's own events or by reading it from the stack.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/load/task_driver.h"
#include "support/load/workload.h"

namespace proving_ground {

// An event of a task, with the moment the harness saw it.
struct LedgerEvent {
  EventType type = EventType::kAccepted;
  std::string worker;
  int attempt = 0;
  std::int64_t at_ms = 0;             // the stack's clock, Unix milliseconds
  std::chrono::milliseconds seen{0};  // since the start of the load phase
};

// One task. Times are since the start of the load phase.
struct LedgerEntry {
  Task task;
  std::optional<std::chrono::milliseconds> submitted;  // when the submission began; nullopt: never
  std::optional<std::chrono::milliseconds> answered;   // when its outcome was known
  SubmitOutcome outcome = SubmitOutcome::kRefused;
  std::string reason;  // why it was refused, or what is unknown
  std::vector<LedgerEvent> events;
  std::optional<bool> settled;      // unknown outcomes: did the stack have the task after all
  std::string last_state;           // what the stack said when it was read last
  bool finished_by_record = false;  // the stack's record says so, with or without an event
  std::string proof;                // end of the proof chain, from the collected record
  bool collected = false;

  // Was the task taken: by the stack's word, by an event, or settled by reading.
  bool Accepted() const;
  // Is it still not known whether the task was taken.
  bool Unsettled() const;
  bool Finished() const { return finished_by_record || FinishCount() > 0; }
  bool Failed() const;
  int FinishCount() const;
  // First event of a type; nullptr when there was none.
  const LedgerEvent* First(EventType type) const;
  // From intended arrival to the finish as the harness saw it, minus think time: what a user waits.
  std::optional<std::chrono::microseconds> ResponseTime() const;
  // From start to finish by the stack's clock, minus think time: what a worker needed.
  std::optional<std::chrono::microseconds> ServiceTime() const;
};

// Counts of one team, for progress.
struct LedgerCounts {
  int planned = 0;
  int submitted = 0;
  int accepted = 0;
  int refused = 0;
  int unknown = 0;
  int queued = 0;   // accepted, not started
  int running = 0;  // started, not ended
  int finished = 0;
  int failed = 0;
};

LedgerCounts Count(const std::vector<LedgerEntry>& entries, const std::string& team);

// The book while it is written. Thread-safe.
class Ledger {
 public:
  // Opens the book: the load phase starts at `start`, these tasks are planned.
  void Open(Clock::time_point start, std::vector<Task> tasks);
  void Submitted(const std::string& task, Clock::time_point began, Clock::time_point ended,
                 const SubmitResult& result);
  // Returns false when the event belongs to no task of this book, whose id is then a stranger's.
  bool Record(const StackEvent& event, Clock::time_point seen);
  void Settle(const std::string& task, bool accepted);
  void Read(const std::string& task, const TaskRecord& record);
  void Collected(const std::string& task);

  std::vector<LedgerEntry> Entries() const;
  // Ids in events that belong to no task of this book and begin with `prefix`, which only this run
  // gives: tasks that the stack made up. Sorted.
  std::vector<std::string> Strangers(const std::string& prefix) const;
  // Finished tasks of all teams.
  std::int64_t FinishedCount() const;
  // Tasks of `team` whose submission may have reached the stack and that have not ended.
  std::vector<std::string> Unended(const std::string& team) const;
  // Tasks of `team` whose outcome is unknown and unsettled.
  std::vector<std::string> Unsettled(const std::string& team) const;
  // Tasks of `team` that ended and were not collected.
  std::vector<std::string> Uncollected(const std::string& team) const;

 private:
  std::vector<std::string> Select(const std::string& team,
                                  bool (*wanted)(const LedgerEntry&)) const;
  LedgerEntry& Entry(const std::string& task);
  std::chrono::milliseconds SinceStart(Clock::time_point moment) const;

  mutable std::mutex mutex_;
  Clock::time_point start_;
  std::vector<LedgerEntry> entries_;
  std::map<std::string, std::size_t> positions_;
  std::set<std::string> strangers_;
};

}  // namespace proving_ground
