#include <cstring>
#include <memory>
#include <vector>

#include "compose/sabotage/coordinator/broken_store.h"
#include "compose/sabotage/coordinator/broken_stores.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

// Keeps a mebibyte for each task.
class LeaksMemory : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    constexpr std::size_t kSize = 1 << 20;
    kept_.push_back(std::make_unique<char[]>(kSize));
    std::memset(kept_.back().get(), 1, kSize);  // memory counts once it is touched
    co_return co_await BrokenStore::Submit(epoch, std::move(task));
  }

 private:
  std::vector<std::unique_ptr<char[]>> kept_;
};

// Leaves a key behind for each task.
class LeavesTaskKeys : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<FinishOutcome> Finish(Epoch epoch, Claim claim, std::string outcome,
                                        std::string result) override {
    std::vector<std::string> command{"SET", Name("seen:" + claim.task), "1"};
    co_await Send(std::move(command));
    co_return co_await BrokenStore::Finish(epoch, std::move(claim), std::move(outcome),
                                           std::move(result));
  }
};

// Leaves a key behind for each worker that goes.
class LeavesWorkerKeys : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<std::int64_t> Leave(Epoch epoch, std::string worker) override {
    std::vector<std::string> command{"SET", Name("former:" + worker), "1"};
    co_await Send(std::move(command));
    co_return co_await BrokenStore::Leave(epoch, std::move(worker));
  }
};

// Gives nothing to the worker that asks first.
class StarvesOneWorker : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<bool> Join(Epoch epoch, std::string worker) override {
    if (++joined_ > 1) latest_ = worker;
    co_return co_await BrokenStore::Join(epoch, std::move(worker));
  }
  asio::awaitable<Lease> Take(Epoch epoch, std::string worker, bool may_take) override {
    if (worker == latest_) {  // beside the dispatcher, whose turn it must not take
      co_await Sleep(milliseconds(60'000));
      co_return Lease{};
    }
    co_return co_await BrokenStore::Take(epoch, std::move(worker), may_take);
  }

 private:
  int joined_ = 0;
  // The one that came last. The one of the warm-up, which came first, is spared.
  std::string latest_;
};

// Lets tasks wait before it hands them out: all of them, or some. It keeps up with them all the
// same.
template <int kEvery, int kMilliseconds>
class HandsOutLate : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    // The first is alone: whoever waits for a task is woken by the next one only.
    if (++count_ == 1 || count_ % kEvery != 0)
      co_return co_await BrokenStore::Submit(epoch, std::move(task));
    co_await InBackground(Later(epoch, std::move(task)));
    co_return Submission{SubmitOutcome::kAccepted, "queued"};
  }

 private:
  asio::awaitable<void> Later(Epoch epoch, Task task) {
    co_await Sleep(milliseconds(kMilliseconds));
    co_await BrokenStore::Submit(epoch, std::move(task));
  }

  int count_ = 0;
};

// Keeps Redis busy for seconds, once, in the middle of the load.
class StallsRedis : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    if (++count_ == 15) co_await Occupy(milliseconds(2'500));
    co_return co_await BrokenStore::Submit(epoch, std::move(task));
  }

 private:
  int count_ = 0;
};

// Keeps Redis busy while it shuts down.
class StallsRedisAtItsEnd : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<void> Release(Epoch epoch, std::string instance) override {
    co_await BrokenStore::Release(epoch, std::move(instance));
    co_await Occupy(milliseconds(3'000));
  }
};

}  // namespace

void AddWastefulStores(BrokenStores& stores) {
  stores["leaks-memory"] = MakerOf<LeaksMemory>();
  stores["leaves-task-keys"] = MakerOf<LeavesTaskKeys>();
  stores["leaves-worker-keys"] = MakerOf<LeavesWorkerKeys>();
  stores["starves-one-worker"] = MakerOf<StarvesOneWorker>();
  stores["hands-out-late"] = MakerOf<HandsOutLate<1, 3'000>>();
  stores["hands-out-one-in-eight-late"] = MakerOf<HandsOutLate<8, 3'000>>();
  stores["stalls-redis"] = MakerOf<StallsRedis>();
  stores["stalls-redis-at-its-end"] = MakerOf<StallsRedisAtItsEnd>();
}

}  // namespace platform
