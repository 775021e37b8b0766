#include "compose/sabotage/coordinator/broken_store.h"
#include "compose/sabotage/coordinator/broken_stores.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

// Reports every fifth task as finished twice.
class FinishesTwice : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<FinishOutcome> Finish(Epoch epoch, Claim claim, std::string outcome,
                                        std::string result) override {
    const Claim same = claim;
    const FinishOutcome done = co_await BrokenStore::Finish(epoch, std::move(claim),
                                                            std::move(outcome), std::move(result));
    if (done == FinishOutcome::kDone && ++count_ % 5 == 0) {
      co_await AddEvent("finished", same, epoch);
    }
    co_return done;
  }

 private:
  int count_ = 0;
};

// Reports the tasks that finished last once more whenever it starts.
class FinishesAgainAfterRestart : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    const Acquisition acquired =
        co_await BrokenStore::Acquire(std::move(instance), lease, last_known);
    if (acquired.epoch != 0 && !repeated_) {
      repeated_ = true;
      co_await Repeat(acquired.epoch);
    }
    co_return acquired;
  }

 private:
  asio::awaitable<void> Repeat(Epoch epoch) {
    std::vector<Event> latest;
    std::string after = "0-0";
    for (;;) {
      std::vector<Event> events = co_await EventsAfter(after, 500);
      if (events.empty()) break;
      after = events.back().seq;
      for (const Event& event : events) {
        if (event.type == "finished") latest.push_back(event);
      }
    }
    const std::size_t first = latest.size() > 20 ? latest.size() - 20 : 0;
    for (std::size_t i = first; i < latest.size(); ++i) {
      const Claim claim{latest[i].worker, latest[i].task, 1};
      co_await AddEvent("finished", claim, epoch);
    }
  }

  bool repeated_ = false;
};

// Hands the same task to a second worker that asks for one.
class LeasesTwice : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Lease> Take(Epoch epoch, std::string worker, bool may_take) override {
    const std::string taker = worker;
    const Lease lease = co_await BrokenStore::Take(epoch, std::move(worker), may_take);
    if (lease.kind == Lease::Kind::kTask) {
      last_ = lease;
      holder_ = taker;
      co_return lease;
    }
    if (lease.kind != Lease::Kind::kNothing || holder_.empty() || holder_ == taker) co_return lease;
    holder_.clear();
    const Claim claim{taker, last_.task.id, last_.attempt};
    co_await AddEvent("started", claim, epoch);
    co_return last_;
  }

 private:
  Lease last_;
  std::string holder_;
};

// Counts its epochs down.
class CountsEpochsDown : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    Acquisition acquired = co_await BrokenStore::Acquire(std::move(instance), lease, last_known);
    if (acquired.epoch == 0) co_return acquired;
    // Production has counted one up.
    acquired.epoch = acquired.epoch < kFirst ? kFirst * 2 : acquired.epoch - 2;
    std::vector<std::string> command{"SET", Name("epoch"), std::to_string(acquired.epoch)};
    co_await Send(std::move(command));
    co_return acquired;
  }

 private:
  static constexpr Epoch kFirst = 1'000'000;
};

// Believes for long that it leads, and writes in the name of whoever does.
class IgnoresSuccessors : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds, Epoch last) override {
    const std::string same = instance;
    const Acquisition acquired = co_await BrokenStore::Acquire(std::move(instance), kLease, last);
    if (acquired.epoch != 0) {
      co_await InBackground(KeepRenewing(acquired.epoch, same));
    }
    co_return acquired;
  }
  asio::awaitable<void> Renew(Epoch, std::string, milliseconds) override { co_return; }
  asio::awaitable<void> Release(Epoch epoch, std::string instance) override {
    released_ = true;
    co_await BrokenStore::Release(epoch, std::move(instance));
  }
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    const Task same = task;
    try {
      co_return co_await BrokenStore::Submit(epoch, std::move(task));
    } catch (const Fenced&) {
    }
    std::vector<std::string> command{"GET", Name("epoch")};
    const RedisReply current = co_await Send(std::move(command));
    co_return co_await BrokenStore::Submit(std::stoull(current.text), same);
  }

 private:
  static constexpr milliseconds kLease{3'000};

  asio::awaitable<void> KeepRenewing(Epoch epoch, std::string instance) {
    while (!released_) {
      co_await Sleep(kLease / 3);
      try {
        std::string same = instance;
        co_await BrokenStore::Renew(epoch, std::move(same), kLease);
      } catch (const Fenced&) {
        co_return;
      } catch (const std::exception&) {
        // Redis is away: try again.
      }
    }
  }

  bool released_ = false;
};

// Never takes a task back from a worker that gives no sign.
class NeverTakesBack : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Reaped> Reap(Epoch, int) override { co_return Reaped{}; }
};

// Takes every tenth task twice, the second time under a name that nobody gave it.
class CopiesTasks : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    if (++count_ % 10 == 0) {
      Task copy = task;
      copy.id += "-again";
      co_await BrokenStore::Submit(epoch, std::move(copy));
    }
    co_return co_await BrokenStore::Submit(epoch, std::move(task));
  }

 private:
  int count_ = 0;
};

}  // namespace

void AddUnfencedStores(BrokenStores& stores) {
  stores["finishes-twice"] = MakerOf<FinishesTwice>();
  stores["finishes-again-after-restart"] = MakerOf<FinishesAgainAfterRestart>();
  stores["leases-twice"] = MakerOf<LeasesTwice>();
  stores["counts-epochs-down"] = MakerOf<CountsEpochsDown>();
  stores["ignores-successors"] = MakerOf<IgnoresSuccessors>();
  stores["copies-tasks"] = MakerOf<CopiesTasks>();
  stores["never-takes-back"] = MakerOf<NeverTakesBack>();
}

}  // namespace platform
