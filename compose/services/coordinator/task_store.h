// Where tasks, workers and leadership are kept, and the only way to change them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "compose/services/common/awaitable.h"
#include "compose/services/coordinator/task.h"

namespace platform {

namespace asio = boost::asio;

// Grows with every change of leadership. Given with each change, which is refused unless it is the
// current one.
using Epoch = std::uint64_t;

// A later leader has taken over; nothing was changed.
class Fenced : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Acquisition {
  Epoch epoch = 0;                        // 0: another instance holds the lease …
  std::chrono::milliseconds held_for{0};  // … for this long, unless it renews
};

enum class SubmitOutcome { kAccepted, kKnown, kConflict, kGone };
struct Submission {
  SubmitOutcome outcome = SubmitOutcome::kAccepted;
  std::string state;  // of the task that is stored now
};

enum class FinishOutcome { kDone, kRepeated, kStale };
enum class CollectOutcome { kCollected, kUnfinished, kAbsent };
enum class HeartbeatOutcome { kOk, kUnregistered, kLeaseLost };

// A worker's hold on one attempt at a task.
struct Claim {
  std::string worker;
  std::string task;
  std::int64_t attempt = 0;
};

struct Lease {
  enum class Kind { kTask, kNothing, kUnregistered };
  Kind kind = Kind::kNothing;
  Task task;                 // with kTask
  std::int64_t attempt = 0;  // with kTask; the first is 1
  bool resumed = false;      // the worker held it already
};

struct Reaped {
  std::int64_t requeued = 0;  // tasks put back into the queue
  std::int64_t expired = 0;   // workers forgotten
};

struct TaskRecord {
  std::string state, worker,
      result;  // worker of the last attempt; result as JSON; both may be empty
  std::int64_t attempts = 0;
  std::int64_t submitted_ms = 0, started_ms = 0,
               finished_ms = 0;  // since 1970 by Redis' clock; 0: not yet
};

struct WorkerRecord {
  std::string id, task;  // task is empty when idle
  std::int64_t last_seen_ms = 0, finished = 0;
};

struct Totals {
  std::int64_t queued = 0, running = 0, workers = 0;                  // now
  std::int64_t accepted = 0, finished = 0, failed = 0, requeued = 0;  // ever
};

struct Event {
  std::string seq;   // "<ms>-<n>", grows
  Epoch epoch = 0;   // of the instance that wrote it; never falls from one event to the next
  std::string type;  // accepted, started, finished, failed, requeued, registered, left, expired
  std::string task, worker, attempt;  // empty when the type has none
};

// All operations throw RedisUnavailable, RedisOutcomeUnknown, RedisNotServing or RedisError (see
// redis_client.h), and Fenced if they take an epoch. Each is carried out as a whole or not at all.
// An operation whose outcome is unknown may be repeated: each recognises its own repetition.
class TaskStore {
 public:
  virtual ~TaskStore() = default;

  // Leadership. An instance that holds the lease already acquires it again at once, with a new
  // epoch. Whoever acquires it, or renews it after it has run out, prolongs the leases of the
  // workers in the same step.
  virtual asio::awaitable<Acquisition> Acquire(std::string instance,
                                               std::chrono::milliseconds lease,
                                               Epoch last_known) = 0;
  virtual asio::awaitable<void> Renew(Epoch epoch, std::string instance,
                                      std::chrono::milliseconds lease) = 0;
  virtual asio::awaitable<void> Release(Epoch epoch, std::string instance) = 0;

  // Stores a task once, whatever the number of calls.
  virtual asio::awaitable<Submission> Submit(Epoch epoch, Task task) = 0;

  // The inbox, a list to which producers push tasks. Entries wait in a second list while they are
  // admitted. Moves the oldest entry there and returns it; waits for one for at most `wait`.
  virtual asio::awaitable<std::optional<std::string>> TakeFromInbox(
      std::chrono::milliseconds wait) = 0;
  // The oldest entry that waits to be admitted, as a crash may leave them.
  virtual asio::awaitable<std::optional<std::string>> OldestTaken() = 0;
  // Stores the task of an entry. `rejection` is kept for people if its id is taken by another task.
  // kGone: somebody has admitted the entry.
  virtual asio::awaitable<Submission> Admit(Epoch epoch, std::string entry, Task task,
                                            std::string rejection) = 0;
  virtual asio::awaitable<void> Reject(Epoch epoch, std::string entry, std::string rejection) = 0;

  // `outcome` is "finished" or "failed", `result` is JSON. Of all calls for one task one gets
  // kDone.
  virtual asio::awaitable<FinishOutcome> Finish(Epoch epoch, Claim claim, std::string outcome,
                                                std::string result) = 0;
  virtual asio::awaitable<CollectOutcome> Collect(Epoch epoch, std::string task) = 0;

  // Workers. Registering twice changes nothing; returns whether the worker is new.
  virtual asio::awaitable<bool> Join(Epoch epoch, std::string worker) = 0;
  // `claim.task` is empty for an idle worker.
  virtual asio::awaitable<HeartbeatOutcome> Heartbeat(Epoch epoch, Claim claim) = 0;
  // Gives the worker the task it holds, or the next one of the queue if it `may_take` one.
  virtual asio::awaitable<Lease> Take(Epoch epoch, std::string worker, bool may_take) = 0;
  // Returns how many tasks were put back.
  virtual asio::awaitable<std::int64_t> Leave(Epoch epoch, std::string worker) = 0;

  // Ends up to `limit` leases and workers whose deadline has passed, if the lease of the leader has
  // not.
  virtual asio::awaitable<Reaped> Reap(Epoch epoch, int limit) = 0;
  // Gives every lease and worker at least one lease period from now.
  virtual asio::awaitable<void> Prolong(Epoch epoch) = 0;

  // Views.
  virtual asio::awaitable<std::optional<TaskRecord>> Find(std::string task) = 0;
  virtual asio::awaitable<std::vector<WorkerRecord>> Workers() = 0;
  virtual asio::awaitable<Totals> Count() = 0;
  // Events after `seq`, oldest first.
  virtual asio::awaitable<std::vector<Event>> EventsAfter(std::string seq, int limit) = 0;
  // The sequence number of the latest event, "0-0" if there is none.
  virtual asio::awaitable<std::string> LastEvent() = 0;
};

}  // namespace platform
