// Hands tasks to idle workers, first come, first served.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>

#include "compose/services/coordinator/leadership.h"
#include "compose/services/coordinator/notifier.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

// Wake those who wait for what is in Redis. Only this instance changes it, so no polling is needed.
struct Signals {
  explicit Signals(const asio::any_io_executor& executor)
      : queue(executor), events(executor), shutdown(executor) {}
  Notifier queue;     // there may be a task to hand out
  Notifier events;    // there is a new event
  Notifier shutdown;  // long polls shall end
};

class Dispatcher {
 public:
  Dispatcher(asio::any_io_executor executor, TaskStore& store, Leadership& leadership,
             Signals& signals);

  // A worker asks for a task and waits for at most `wait`. If it asks again while it waits, the
  // earlier request gets nothing: its connection is dead. Throws as the store does, and NotLeader.
  asio::awaitable<Lease> Take(std::string worker, std::chrono::milliseconds wait);

  // Serves those who wait, until Stop(). Spawn once.
  asio::awaitable<void> Run();
  // Ends all waiting with NotLeader.
  void Stop();

  std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiter;
  using Waiters = std::list<std::shared_ptr<Waiter>>;

  asio::awaitable<void> ServeWaiters();
  void Answer(const std::string& worker, Lease lease);
  void FailAll(const std::exception_ptr& error);
  Waiters::iterator FindWaiter(const std::string& worker);

  asio::any_io_executor executor_;
  TaskStore& store_;
  Leadership& leadership_;
  Signals& signals_;
  Waiters waiting_;  // who waits longest stands first
  bool stopped_ = false;
};

}  // namespace platform
