// Which instance may act for a team: a lease in Redis and a fencing epoch.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

#include "compose/services/coordinator/notifier.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

// This instance does not lead now; what() says why.
class NotLeader : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Acquires leadership and keeps it. The lease only keeps two instances from taking it from each
// other in turns; what keeps a superseded one from doing harm is the epoch, which the store checks
// with every change.
class Leadership {
 public:
  struct Options {
    std::string instance;  // the same after a restart: then it need not wait for its own lease
    std::chrono::milliseconds lease{3000};
    // Called on each change of holds(), and when a standby finds the lease held by another.
    std::function<void(bool holds, Epoch epoch, const std::string& reason)> on_change;
  };

  Leadership(asio::any_io_executor executor, TaskStore& store, Options options);

  // Runs until Stop(). Spawn once.
  asio::awaitable<void> Run();
  void Stop();
  // Gives the lease back so that a successor need not wait for its end; best effort. Call after
  // Stop().
  asio::awaitable<void> Release();

  // Tries at once instead of at the next interval: the connection has come back.
  void Hurry() { wake_.Notify(); }
  // A change was refused because of its epoch.
  void Lost(const std::string& reason);

  // Whether the lease was renewed within its time. Even then the store may refuse a change as
  // Fenced.
  bool holds() const;
  // The epoch to give with changes. Throws NotLeader unless holds().
  Epoch epoch() const;
  // Wakes when leadership begins or ends.
  Notifier& changed() { return changed_; }

 private:
  // Returns how long to wait before the next.
  asio::awaitable<std::chrono::milliseconds> Attempt();

  TaskStore& store_;
  Options options_;
  Notifier wake_;
  Notifier changed_;
  Epoch epoch_ = 0;       // 0: standby
  Epoch last_epoch_ = 0;  // the greatest ever held
  std::chrono::steady_clock::time_point valid_until_{};
  std::string reason_ = "leadership not acquired yet";
  bool reported_waiting_ = false;
  bool stopped_ = false;
};

}  // namespace platform
