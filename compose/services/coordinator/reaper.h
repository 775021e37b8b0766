// Takes tasks back from workers that give no sign.
#pragma once

#include <chrono>

#include "compose/services/coordinator/dispatcher.h"
#include "compose/services/coordinator/leadership.h"
#include "compose/services/coordinator/metrics.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

class Reaper {
 public:
  // Looks at all deadlines once per `interval`.
  Reaper(asio::any_io_executor executor, TaskStore& store, Leadership& leadership, Signals& signals,
         Metrics& metrics, std::chrono::milliseconds interval);

  // Runs until Stop(). Spawn once.
  asio::awaitable<void> Run();
  void Stop();

  // Before the next look every lease gets at least one lease period more. Call when heartbeats
  // could not be recorded for a while, through no fault of the workers; for longer gaps, in which
  // the lease of the leader ends, the store does so itself.
  void GrantGrace() { grace_due_ = true; }

 private:
  asio::awaitable<void> Reap();

  TaskStore& store_;
  Leadership& leadership_;
  Signals& signals_;
  Metrics& metrics_;
  std::chrono::milliseconds interval_;
  Notifier wake_;
  bool grace_due_ = false;
  bool stopped_ = false;
};

}  // namespace platform
