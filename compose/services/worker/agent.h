#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/backoff.h"
#include "compose/services/worker/coordinator_link.h"
#include "compose/services/worker/pause.h"
#include "compose/services/worker/task_executor.h"

namespace platform {

// The life of a worker: registers, takes one task at a time, has it executed while it sends
// heartbeats, and reports it until the report is acknowledged.
//
// It outlives its coordinator. A task in hand is carried on while the coordinator is away and
// reported to whoever comes back, under the same worker id; what makes it stop early is only the
// coordinator's word that the lease is lost. All on one thread.
class Agent {
 public:
  struct Options {
    // How long one request for a task waits. A worker that sits on a coordinator that hangs notices
    // only then; and idle workers give no other sign of life, so it is at most the lease.
    std::chrono::milliseconds poll{5'000};
    std::chrono::milliseconds drain{60'000};  // How long Stop() lets the task in hand go on.
    std::chrono::milliseconds retry_minimum{100};
    std::chrono::milliseconds retry_maximum{1'000};
    std::function<void()> beat = [] {};  // Called by the heartbeat loop each time round.
  };

  // `work` carries leases and reports, `pulse` the heartbeats. All three must outlive the agent.
  Agent(const boost::asio::any_io_executor& executor, CoordinatorLink& work, CoordinatorLink& pulse,
        TaskExecutor& tasks, Options options);

  // Works until Stop(), then says goodbye and returns when nothing of the agent runs any more.
  boost::asio::awaitable<void> Run();

  // Lets the task in hand be finished and reported, within `drain`; takes no other one.
  void Stop();

 private:
  // The work loop.
  boost::asio::awaitable<void> WorkLoop();
  boost::asio::awaitable<bool> TakeTask();  // Whether there was one.
  boost::asio::awaitable<void> Perform(Task task);
  boost::asio::awaitable<void> Report(TaskRef task, TaskOutcome outcome);
  boost::asio::awaitable<Answer> TryToReport(TaskRef task, TaskOutcome outcome);
  boost::asio::awaitable<void> Leave();

  // The heartbeat loop.
  boost::asio::awaitable<void> HeartbeatLoop();
  boost::asio::awaitable<void> SendHeartbeat();
  std::chrono::milliseconds HeartbeatInterval() const;

  boost::asio::awaitable<void> Register(CoordinatorLink& link);
  void Lost(const std::string& reason);
  void Reached();
  void GiveUpDraining();

  boost::asio::any_io_executor executor_;
  CoordinatorLink& work_;
  CoordinatorLink& pulse_;
  TaskExecutor& tasks_;
  Options options_;
  Backoff backoff_;
  Registration registration_;
  std::optional<TaskRef> current_;  // From the lease to the acknowledged report.
  Pause work_pause_;
  Pause pulse_pause_;
  boost::asio::steady_timer drain_timer_;
  bool registered_ = false;
  bool reachable_ = true;
  bool pulse_failed_ = false;
  bool stopping_ = false;
  bool drained_ = false;  // The time to drain is over.
  bool ended_ = false;    // The work loop is over: the heartbeats end too.
};

}  // namespace platform
