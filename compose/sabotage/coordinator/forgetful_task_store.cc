#include "compose/sabotage/coordinator/forgetful_task_store.h"

namespace platform {
namespace {

constexpr int kPage = 500;

}  // namespace

ForgetfulTaskStore::ForgetfulTaskStore(RedisClient& commands, RedisClient& blocking,
                                       Options options)
    : RedisTaskStore(commands, blocking, options),
      commands_(commands),
      prefix_("team:" + options.team + ":") {}

asio::awaitable<Acquisition> ForgetfulTaskStore::Acquire(std::string instance,
                                                         std::chrono::milliseconds lease,
                                                         Epoch last_known) {
  const Acquisition acquisition =
      co_await RedisTaskStore::Acquire(std::move(instance), lease, last_known);
  if (acquisition.epoch != 0 && !forgot_) {
    co_await Forget();
    forgot_ = true;
  }
  co_return acquisition;
}

asio::awaitable<void> ForgetfulTaskStore::Forget() {
  std::string after = "0-0";
  for (;;) {
    std::vector<Event> events = co_await EventsAfter(after, kPage);
    if (events.empty()) break;
    after = events.back().seq;
    co_await DeleteTasks(std::move(events));
  }
  std::vector<std::string> lists{"DEL", prefix_ + "queue", prefix_ + "leases",
                                 prefix_ + "admitting"};
  co_await commands_.Command(std::move(lists));
  co_await EmptyHands();
}

asio::awaitable<void> ForgetfulTaskStore::DeleteTasks(std::vector<Event> events) {
  std::vector<std::string> command{"DEL"};
  for (const Event& event : events) {
    if (event.type == "accepted") command.push_back(prefix_ + "task:" + event.task);
  }
  if (command.size() > 1) co_await commands_.Command(std::move(command));
}

asio::awaitable<void> ForgetfulTaskStore::EmptyHands() {
  const std::vector<WorkerRecord> workers = co_await Workers();
  for (const WorkerRecord& worker : workers) {
    std::vector<std::string> command{"HDEL", prefix_ + "worker:" + worker.id, "task"};
    co_await commands_.Command(std::move(command));
  }
}

}  // namespace platform
