#include "compose/services/coordinator/dispatcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "compose/services/common/redis_client.h"

namespace platform {

using std::chrono::milliseconds;

struct Dispatcher::Waiter {
  Waiter(const asio::any_io_executor& executor, std::string its_worker)
      : worker(std::move(its_worker)), answered(executor) {}

  std::string worker;
  Notifier answered;
  Lease lease;
  std::exception_ptr error;
};

Dispatcher::Dispatcher(asio::any_io_executor executor, TaskStore& store, Leadership& leadership,
                       Signals& signals)
    : executor_(std::move(executor)), store_(store), leadership_(leadership), signals_(signals) {}

asio::awaitable<Lease> Dispatcher::Take(std::string worker, milliseconds wait) {
  Answer(worker, Lease{});
  const std::uint64_t seen = signals_.queue.generation();
  // Whoever waits already comes first.
  const bool may_take = waiting_.empty();
  Lease lease = co_await store_.Take(leadership_.epoch(), worker, may_take);
  if (lease.kind == Lease::Kind::kTask && !lease.resumed) signals_.events.Notify();
  if (lease.kind != Lease::Kind::kNothing || wait <= milliseconds(0)) co_return lease;
  // It may have been stopped meanwhile: nobody would end this wait.
  if (stopped_) throw NotLeader("shutting down");

  Answer(worker, Lease{});
  const auto waiter = std::make_shared<Waiter>(executor_, worker);
  waiting_.push_back(waiter);
  if (!may_take || seen != signals_.queue.generation()) signals_.queue.Notify();
  co_await waiter->answered.Wait(0, wait);
  waiting_.remove(waiter);
  if (waiter->error) std::rethrow_exception(waiter->error);
  co_return std::move(waiter->lease);
}

asio::awaitable<void> Dispatcher::Run() {
  while (!stopped_) {
    const std::uint64_t seen = signals_.queue.generation();
    try {
      co_await ServeWaiters();
    } catch (const Fenced& error) {
      leadership_.Lost(error.what());
      FailAll(std::current_exception());
    } catch (const std::exception&) {
      // Redis is away, or this instance does not lead: the workers ask again, with back-off.
      FailAll(std::current_exception());
    }
    co_await signals_.queue.Wait(seen, std::chrono::seconds(60));
  }
}

asio::awaitable<void> Dispatcher::ServeWaiters() {
  while (!waiting_.empty()) {
    // The request may be over, or replaced by a later one of the same worker, when the answer
    // comes. So it goes to the worker, not to the request; if none waits, the worker's next request
    // gets the same task.
    const std::string worker = waiting_.front()->worker;
    Lease lease = co_await store_.Take(leadership_.epoch(), worker, true);
    if (lease.kind == Lease::Kind::kNothing) co_return;
    if (lease.kind == Lease::Kind::kTask) signals_.events.Notify();
    Answer(worker, std::move(lease));
  }
}

void Dispatcher::Answer(const std::string& worker, Lease lease) {
  const auto found = FindWaiter(worker);
  if (found == waiting_.end()) return;
  (*found)->lease = std::move(lease);
  (*found)->answered.Notify();
  waiting_.erase(found);
}

void Dispatcher::FailAll(const std::exception_ptr& error) {
  for (const auto& waiter : std::exchange(waiting_, {})) {
    waiter->error = error;
    waiter->answered.Notify();
  }
}

Dispatcher::Waiters::iterator Dispatcher::FindWaiter(const std::string& worker) {
  return std::find_if(waiting_.begin(), waiting_.end(),
                      [&worker](const auto& waiter) { return waiter->worker == worker; });
}

void Dispatcher::Stop() {
  stopped_ = true;
  FailAll(std::make_exception_ptr(NotLeader("shutting down")));
  signals_.queue.Notify();
}

}  // namespace platform
