#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>

#include "compose/services/common/awaitable.h"
#include "compose/services/worker/task.h"

namespace platform {

// The coordinator gave no usable answer. Every request of the link may be repeated.
class CoordinatorUnavailable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How the coordinator wants to hear from its workers.
struct Registration {
  std::chrono::milliseconds heartbeat{1'500};  // While a task is in hand.
  std::chrono::milliseconds lease{5'000};  // Silence after which the task in hand is taken back.
};

enum class Answer {
  kAccepted,
  kUnknownWorker,  // The coordinator does not know this worker: register again.
  kStale,          // The task belongs to another worker or attempt by now.
  kRefused,        // The request itself is wrong; repeating it is useless.
};

struct LeaseAnswer {
  Answer answer = Answer::kAccepted;
  std::optional<Task> task;  // Nothing: no work at the moment.
};

// One worker's connection to its coordinator; one request at a time. A worker holds two of them: a
// lease request may wait for long, and heartbeats must flow meanwhile. All requests throw
// CoordinatorUnavailable.
class CoordinatorLink {
 public:
  virtual ~CoordinatorLink() = default;

  virtual boost::asio::awaitable<Registration> Register() = 0;

  // `task` is the task in hand, whose lease the heartbeat prolongs.
  virtual boost::asio::awaitable<Answer> Heartbeat(std::optional<TaskRef> task) = 0;

  // Asks for a task and waits up to `wait` for one. A worker that already holds one gets the same
  // again.
  virtual boost::asio::awaitable<LeaseAnswer> Lease(std::chrono::milliseconds wait) = 0;

  virtual boost::asio::awaitable<Answer> Finish(TaskRef task, TaskOutcome outcome) = 0;

  // Says goodbye; a task still in hand goes back to the queue at once.
  virtual boost::asio::awaitable<void> Leave() = 0;

  // Ends the request in flight with CoordinatorUnavailable.
  virtual void Abort() = 0;
};

}  // namespace platform
