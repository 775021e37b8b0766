#include "compose/services/coordinator/reaper.h"

#include <utility>

#include "compose/services/common/log.h"
#include "compose/services/common/redis_client.h"

namespace platform {
namespace {

// Bounds the time for which one script holds up Redis.
constexpr int kBatch = 100;

}  // namespace

Reaper::Reaper(asio::any_io_executor executor, TaskStore& store, Leadership& leadership,
               Signals& signals, Metrics& metrics, std::chrono::milliseconds interval)
    : store_(store),
      leadership_(leadership),
      signals_(signals),
      metrics_(metrics),
      interval_(interval),
      wake_(std::move(executor)) {}

asio::awaitable<void> Reaper::Run() {
  while (!stopped_) {
    const std::uint64_t seen = wake_.generation();
    try {
      if (leadership_.holds()) co_await Reap();
    } catch (const Fenced& error) {
      leadership_.Lost(error.what());
    } catch (const std::exception&) {
      grace_due_ = true;  // the outcome may be unknown; granting it again is harmless
    }
    co_await wake_.Wait(seen, interval_);
  }
}

void Reaper::Stop() {
  stopped_ = true;
  wake_.Notify();
}

asio::awaitable<void> Reaper::Reap() {
  if (grace_due_) {
    // Cleared first: a gap that begins during the call must not be forgotten.
    grace_due_ = false;
    co_await store_.Prolong(leadership_.epoch());
  }
  // Asked again: whoever was stopped meanwhile must not take his own absence for that of the
  // workers.
  const Reaped reaped = co_await store_.Reap(leadership_.epoch(), kBatch);
  if (reaped.requeued > 0 || reaped.expired > 0) {
    metrics_.requeued.Increment(static_cast<double>(reaped.requeued));
    metrics_.expired_workers.Increment(static_cast<double>(reaped.expired));
    Log(Level::kWarning, "leases_expired",
        {{"tasks_requeued", reaped.requeued}, {"workers_expired", reaped.expired}});
    signals_.queue.Notify();
    signals_.events.Notify();
  }
  const Totals totals = co_await store_.Count();
  metrics_.Show(totals);
}

}  // namespace platform
