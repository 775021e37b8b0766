// A defect on purpose: see ../README.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compose/services/coordinator/redis_task_store.h"

namespace platform {

// Forgets all tasks when its coordinator starts: those in the queue, those in hand and those that
// ended, as a coordinator would that kept them in its own memory. Workers, events and counts stay.
class ForgetfulTaskStore : public RedisTaskStore {
 public:
  ForgetfulTaskStore(RedisClient& commands, RedisClient& blocking, Options options);

  // Forgets the first time that leadership is acquired.
  asio::awaitable<Acquisition> Acquire(std::string instance, std::chrono::milliseconds lease,
                                       Epoch last_known) override;

 private:
  asio::awaitable<void> Forget();
  // Deletes the records of the tasks that these events accepted.
  asio::awaitable<void> DeleteTasks(std::vector<Event> events);
  asio::awaitable<void> EmptyHands();

  RedisClient& commands_;
  std::string prefix_;
  bool forgot_ = false;
};

}  // namespace platform
