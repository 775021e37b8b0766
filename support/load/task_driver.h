// How tasks are handed to a stack and seen to finish: one driver per team.
//
// An exchange with the stack has three outcomes. "Unknown" (sent, but no answer that tells) is
// never counted as failed: whether such a task was taken is settled later, by its events or by
// reading it.
//
// A driver is used by two threads at once: one calls Submit, the other everything else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/contract/contract.h"
#include "support/load/workload.h"

namespace proving_ground {

enum class SubmitOutcome {
  kAccepted,  // the stack said that it has the task
  kRefused,   // the stack said no, or never got it
  kUnknown,   // it may have the task
};

struct SubmitResult {
  SubmitOutcome outcome = SubmitOutcome::kUnknown;
  std::string reason;  // empty when accepted
};

enum class EventType {
  kAccepted,
  kStarted,
  kFinished,
  kFailed,
  kRequeued,
  kRegistered,  // a worker came
  kLeft,        // a worker said goodbye
  kExpired,     // a worker fell silent
};

std::string_view EventTypeName(EventType type);
std::optional<EventType> EventTypeFromName(std::string_view name);

// Something that happened in the stack. Fields that do not apply, or that the driver cannot know,
// are empty or 0.
struct StackEvent {
  EventType type = EventType::kAccepted;
  std::string task;
  std::string worker;
  int attempt = 0;
  std::int64_t at_ms = 0;  // the stack's clock, Unix milliseconds
};

// What the stack tells about one task.
struct TaskRecord {
  std::string state;  // "queued", "running", "finished", "failed", or the stack's own word
  bool finished = false;
  bool failed = false;
  std::string worker;
  int attempts = 0;
  std::string proof;   // end of the proof chain, as the worker reports it
  std::string reason;  // why it failed
};

class TaskDriver {
 public:
  virtual ~TaskDriver() = default;

  // True when events tell which worker a task was given to, and when workers come and leave.
  virtual bool ReportsWorkers() const = 0;

  // Hands over a task once; it is never repeated by the driver. Does not throw for what the stack
  // does or fails to do. Takes at most the driver's deadline.
  virtual SubmitResult Submit(const Task& task) = 0;

  // Events since the last call, in order, each delivered once; waits up to `wait` for the first.
  // Empty when there is none, or when the stack does not answer (the next call continues where this
  // one was).
  virtual std::vector<StackEvent> NextEvents(std::chrono::milliseconds wait) = 0;

  // The record of a task; nullopt when the stack says that it has none. Throws EnvironmentError
  // when it does not say.
  virtual std::optional<TaskRecord> Read(const std::string& task) = 0;

  // Reads the final record of a finished or failed task and removes it from the stack, as a client
  // does that has collected its result. nullopt when the record is gone already. Throws
  // EnvironmentError when the stack does not answer or refuses.
  virtual std::optional<TaskRecord> Collect(const std::string& task) = 0;
};

// Reference protocol. `base_url` such as "http://127.0.0.1:49153". Events from before the
// construction are not delivered. Throws EnvironmentError when the coordinator does not answer.
std::unique_ptr<TaskDriver> MakeHttpDriver(
    const std::string& base_url, std::chrono::milliseconds deadline = std::chrono::seconds(5));

// How to reach the stack's Redis as the account that owns the task keys.
struct RedisDriverAccess {
  std::string host;
  int port = 0;
  std::string user;
  std::string password;
  std::string unix_socket;  // path; used instead of host and port when set
};

// Plain Redis keys: a list takes tasks (LPUSH), a hash per task tells its state (HGET every
// contract.poll_every); Collect deletes the hash. Throws EnvironmentError when Redis does not
// answer.
std::unique_ptr<TaskDriver> MakeRedisDriver(
    const DriverContract& contract, const std::string& team, const RedisDriverAccess& access,
    std::chrono::milliseconds deadline = std::chrono::seconds(5));

// What running a command inside the stack came to. nullopt exit code: it did not end in time.
struct CommandOutcome {
  std::optional<int> exit_code;
  std::string output;  // standard output
  std::string error;   // standard error
};

// Runs an argument vector inside the contract's driver service.
using CommandRunner = std::function<CommandOutcome(const std::vector<std::string>& arguments,
                                                   std::chrono::milliseconds deadline)>;

// Commands: `contract.submit` hands a task over (exit code 0: accepted, anything else: unknown),
// `contract.query` prints its state (nothing: no such task). `run` is called from both threads.
std::unique_ptr<TaskDriver> MakeCommandDriver(
    const DriverContract& contract, const std::string& team, CommandRunner run,
    std::chrono::milliseconds deadline = std::chrono::seconds(10));

}  // namespace proving_ground
