// The task store in Redis: each change is one script, each view one command.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/common/redis_client.h"
#include "compose/services/coordinator/scripts.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

class RedisTaskStore : public TaskStore {
 public:
  struct Options {
    std::string team;  // keys begin with "team:{team}:"
    // How long a task stays with a worker that gives no sign; the worker counts as lost after two.
    std::chrono::milliseconds worker_lease{5'000};
    std::chrono::milliseconds retention{3'600'000};  // how long an ended task can be looked up
  };

  // `commands` answers at once; `blocking` is used for the inbox alone, which waits in the server.
  // Both outlive this.
  RedisTaskStore(RedisClient& commands, RedisClient& blocking, Options options);

  asio::awaitable<Acquisition> Acquire(std::string instance, std::chrono::milliseconds lease,
                                       Epoch last_known) override;
  asio::awaitable<void> Renew(Epoch epoch, std::string instance,
                              std::chrono::milliseconds lease) override;
  asio::awaitable<void> Release(Epoch epoch, std::string instance) override;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override;
  asio::awaitable<std::optional<std::string>> TakeFromInbox(
      std::chrono::milliseconds wait) override;
  asio::awaitable<std::optional<std::string>> OldestTaken() override;
  asio::awaitable<Submission> Admit(Epoch epoch, std::string entry, Task task,
                                    std::string rejection) override;
  asio::awaitable<void> Reject(Epoch epoch, std::string entry, std::string rejection) override;
  asio::awaitable<FinishOutcome> Finish(Epoch epoch, Claim claim, std::string outcome,
                                        std::string result) override;
  asio::awaitable<CollectOutcome> Collect(Epoch epoch, std::string task) override;
  asio::awaitable<bool> Join(Epoch epoch, std::string worker) override;
  asio::awaitable<HeartbeatOutcome> Heartbeat(Epoch epoch, Claim claim) override;
  asio::awaitable<Lease> Take(Epoch epoch, std::string worker, bool may_take) override;
  asio::awaitable<std::int64_t> Leave(Epoch epoch, std::string worker) override;
  asio::awaitable<Reaped> Reap(Epoch epoch, int limit) override;
  asio::awaitable<void> Prolong(Epoch epoch) override;
  asio::awaitable<std::optional<TaskRecord>> Find(std::string task) override;
  asio::awaitable<std::vector<WorkerRecord>> Workers() override;
  asio::awaitable<Totals> Count() override;
  asio::awaitable<std::vector<Event>> EventsAfter(std::string seq, int limit) override;
  asio::awaitable<std::string> LastEvent() override;

 protected:
  // Runs a script by its name, and sends its text when the server does not know it yet. `args`
  // become ARGV.
  asio::awaitable<RedisReply> Run(const Script& script, std::vector<std::string> args);
  // The name of a key of this team.
  std::string Key(std::string_view name) const;

 private:
  RedisClient& commands_;
  RedisClient& blocking_;
  Options options_;
  std::string prefix_;
};

}  // namespace platform
