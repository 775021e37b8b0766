#include "compose/services/coordinator/leadership.h"

#include <algorithm>
#include <utility>

#include "compose/services/common/redis_client.h"

namespace platform {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// After an attempt that Redis refused or did not answer: how late the end of its trouble is
// noticed.
constexpr milliseconds kRetry{250};

}  // namespace

Leadership::Leadership(asio::any_io_executor executor, TaskStore& store, Options options)
    : store_(store), options_(std::move(options)), wake_(executor), changed_(executor) {}

asio::awaitable<void> Leadership::Run() {
  while (!stopped_) {
    const std::uint64_t seen = wake_.generation();
    milliseconds pause{0};
    try {
      pause = co_await Attempt();
    } catch (const Fenced& error) {
      Lost(error.what());
      continue;  // stand by: wait for the successor's lease to end
    } catch (const std::exception& error) {
      if (epoch_ == 0) reason_ = error.what();
      pause = std::min(options_.lease / 3, kRetry);
    }
    co_await wake_.Wait(seen, pause);
  }
}

asio::awaitable<milliseconds> Leadership::Attempt() {
  // Three attempts within a lease: one lost answer does not cost leadership.
  const milliseconds interval = options_.lease / 3;
  // Counted from before the request: Redis cannot have started the lease any earlier.
  const auto valid_until = steady_clock::now() + options_.lease;
  if (epoch_ != 0) {
    co_await store_.Renew(epoch_, options_.instance, options_.lease);
    valid_until_ = valid_until;
    co_return interval;
  }
  const Acquisition acquired =
      co_await store_.Acquire(options_.instance, options_.lease, last_epoch_);
  if (acquired.epoch == 0) {
    reason_ = "another instance leads";
    if (!std::exchange(reported_waiting_, true) && options_.on_change) {
      options_.on_change(false, 0, reason_);
    }
    // Unless it is renewed, that lease is taken over as soon as it ends.
    if (acquired.held_for <= milliseconds(0)) co_return interval;
    co_return std::min(acquired.held_for + milliseconds(1), interval);
  }
  epoch_ = last_epoch_ = acquired.epoch;
  valid_until_ = valid_until;
  reported_waiting_ = false;
  if (options_.on_change) options_.on_change(true, epoch_, "");
  changed_.Notify();
  co_return interval;
}

void Leadership::Stop() {
  stopped_ = true;
  wake_.Notify();
}

asio::awaitable<void> Leadership::Release() {
  const Epoch epoch = std::exchange(epoch_, 0);
  reason_ = "shutting down";
  if (epoch == 0) co_return;
  try {
    co_await store_.Release(epoch, options_.instance);
  } catch (const std::exception&) {
    // The lease then ends by itself.
  }
}

void Leadership::Lost(const std::string& reason) {
  if (epoch_ == 0) return;
  epoch_ = 0;
  reason_ = reason;
  if (options_.on_change) options_.on_change(false, 0, reason);
  changed_.Notify();
}

bool Leadership::holds() const { return epoch_ != 0 && steady_clock::now() < valid_until_; }

Epoch Leadership::epoch() const {
  if (epoch_ == 0) throw NotLeader(reason_);
  if (!holds()) throw NotLeader("leadership could not be renewed in time");
  return epoch_;
}

}  // namespace platform
