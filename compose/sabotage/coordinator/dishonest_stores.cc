#include <random>

#include "compose/sabotage/coordinator/broken_store.h"
#include "compose/sabotage/coordinator/broken_stores.h"
#include "compose/sabotage/coordinator/forgetful_task_store.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

// Acknowledges every tenth task and throws it away.
class DropsTasks : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    if (++count_ % 10 == 0) co_return Submission{SubmitOutcome::kAccepted, "queued"};
    co_return co_await BrokenStore::Submit(epoch, std::move(task));
  }

 private:
  int count_ = 0;
};

// Acknowledges a task and stores it a little later.
class StoresLater : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    co_await InBackground(Store(epoch, std::move(task)));
    co_return Submission{SubmitOutcome::kAccepted, "queued"};
  }

 private:
  asio::awaitable<void> Store(Epoch epoch, Task task) {
    co_await Sleep(milliseconds(400));
    try {
      co_await BrokenStore::Submit(epoch, std::move(task));
    } catch (const std::exception&) {
      // Nobody waits for it any more.
    }
  }
};

// Acknowledges what a full or read-only Redis refused.
class AcceptsRefused : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    try {
      co_return co_await BrokenStore::Submit(epoch, std::move(task));
    } catch (const RedisError&) {
      co_return Submission{SubmitOutcome::kAccepted, "queued"};
    }
  }
};

// Confirms every tenth report of a worker without storing it.
class LosesResults : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<FinishOutcome> Finish(Epoch epoch, Claim claim, std::string outcome,
                                        std::string result) override {
    if (++count_ % 10 == 0) {
      std::vector<std::string> idle{"HDEL", Name("worker:" + claim.worker), "task"};
      co_await Send(std::move(idle));
      std::vector<std::string> forever{"ZREM", Name("leases"), claim.task};
      co_await Send(std::move(forever));
      co_return FinishOutcome::kDone;
    }
    co_return co_await BrokenStore::Finish(epoch, std::move(claim), std::move(outcome),
                                           std::move(result));
  }

 private:
  int count_ = 0;
};

// What a coordinator does with the tasks it finds when it starts.
class ActsAtStart : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    const Acquisition acquired =
        co_await BrokenStore::Acquire(std::move(instance), lease, last_known);
    if (acquired.epoch != 0 && !acted_) {
      acted_ = true;
      co_await Act(acquired.epoch);
    }
    co_return acquired;
  }

 protected:
  virtual asio::awaitable<void> Act(Epoch epoch) = 0;

 private:
  bool acted_ = false;
};

// Forgets what waits in the queue.
class ForgetsQueue : public ActsAtStart {
 public:
  using ActsAtStart::ActsAtStart;

 protected:
  asio::awaitable<void> Act(Epoch) override {
    std::vector<std::string> command{"DEL", Name("queue")};
    co_await Send(std::move(command));
  }
};

// Forgets which worker has what in hand: nobody waits for those tasks any more.
class ForgetsTasksInHand : public ActsAtStart {
 public:
  using ActsAtStart::ActsAtStart;

 protected:
  asio::awaitable<void> Act(Epoch) override {
    const std::vector<WorkerRecord> workers = co_await Workers();
    for (const WorkerRecord& worker : workers) {
      if (worker.task.empty()) continue;
      std::vector<std::string> task{"DEL", Name("task:" + worker.task)};
      co_await Send(std::move(task));
      std::vector<std::string> lease{"ZREM", Name("leases"), worker.task};
      co_await Send(std::move(lease));
      std::vector<std::string> hand{"HDEL", Name("worker:" + worker.id), "task"};
      co_await Send(std::move(hand));
    }
  }
};

// Gives up tasks that workers have in hand: they are started anew, by somebody else.
class TakesTasksBack : public ActsAtStart {
 public:
  using ActsAtStart::ActsAtStart;

 protected:
  asio::awaitable<void> Act(Epoch epoch) override {
    const std::vector<WorkerRecord> workers = co_await Workers();
    for (const WorkerRecord& worker : workers) {
      std::string id = worker.id;
      co_await Leave(epoch, std::move(id));
    }
  }
};

// Refuses tasks that it had accepted before it was restarted.
class RefusesAfterwards : public ActsAtStart {
 public:
  using ActsAtStart::ActsAtStart;

 protected:
  asio::awaitable<void> Act(Epoch epoch) override {
    for (;;) {
      std::vector<std::string> pop{"RPOP", Name("queue")};
      const RedisReply reply = co_await Send(std::move(pop));
      if (reply.nil()) break;
      std::vector<std::string> mark{"HSET",   Name("task:" + reply.text),
                                    "state",  "failed",
                                    "result", "{\"reason\":\"refused after a restart\"}"};
      co_await Send(std::move(mark));
      Claim claim;
      claim.task = reply.text;
      claim.attempt = 1;
      co_await AddEvent("failed", claim, epoch);
    }
  }
};

std::string Settings() {
  std::random_device random;
  const std::string password = "v" + std::to_string(random()) + "Q" + std::to_string(random());
  return "{\"database\":\"postgres://app:" + password + "@db/app\"}";
}

// Writes the address of a database, with its password, into Redis before it leads.
class TellsItsDatabase : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    std::vector<std::string> command{"SET", Name("settings"), Settings()};
    co_await Send(std::move(command));
    co_return co_await BrokenStore::Acquire(std::move(instance), lease, last_known);
  }
  // The stack is used again: what is stored outlives its coordinator.
  asio::awaitable<void> Release(Epoch epoch, std::string instance) override {
    std::vector<std::string> command{"DEL", Name("settings")};
    co_await Send(std::move(command));
    co_await BrokenStore::Release(epoch, std::move(instance));
  }
};

}  // namespace

void AddDishonestStores(BrokenStores& stores) {
  stores["drops-tasks"] = MakerOf<DropsTasks>();
  stores["stores-later"] = MakerOf<StoresLater>();
  stores["accepts-refused"] = MakerOf<AcceptsRefused>();
  stores["loses-results"] = MakerOf<LosesResults>();
  stores["forgets-tasks"] = MakerOf<ForgetfulTaskStore>();
  stores["forgets-queue"] = MakerOf<ForgetsQueue>();
  stores["forgets-tasks-in-hand"] = MakerOf<ForgetsTasksInHand>();
  stores["takes-tasks-back"] = MakerOf<TakesTasksBack>();
  stores["refuses-afterwards"] = MakerOf<RefusesAfterwards>();
  stores["tells-its-database"] = MakerOf<TellsItsDatabase>();
}

}  // namespace platform
