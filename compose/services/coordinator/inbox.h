// Admits the tasks that producers push to the team's inbox list in Redis.
#pragma once

#include <chrono>
#include <string>

#include "compose/services/coordinator/dispatcher.h"
#include "compose/services/coordinator/leadership.h"
#include "compose/services/coordinator/metrics.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

// While this instance leads, moves entries one by one from the inbox to a list of entries being
// admitted, and from there into the store. Entries that a crash left in between are admitted first.
// What is not a valid task, or has the id of another task, goes to the list `rejected` with the
// reason.
class Inbox {
 public:
  struct Options {
    std::chrono::milliseconds wait{5000};  // how long one look into an empty inbox lasts
    std::chrono::milliseconds pause{250};  // after a failure
  };

  Inbox(asio::any_io_executor executor, TaskStore& store, Leadership& leadership, Signals& signals,
        Metrics& metrics, Options options);

  // Runs until Stop(). Spawn once.
  asio::awaitable<void> Run();
  void Stop();

 private:
  asio::awaitable<void> AdmitNext();
  asio::awaitable<void> Admit(std::string entry);

  TaskStore& store_;
  Leadership& leadership_;
  Signals& signals_;
  Metrics& metrics_;
  Options options_;
  Notifier wake_;
  bool may_be_left_ = true;  // entries may have been moved but not admitted
  bool stopped_ = false;
};

}  // namespace platform
