// What broken stores share. See ../README.md.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "compose/services/coordinator/redis_task_store.h"

namespace platform {

// The store of production with a way around it: each defect overrides what it breaks.
class BrokenStore : public RedisTaskStore {
 public:
  BrokenStore(RedisClient& commands, RedisClient& blocking, Options options);

 protected:
  // A command of its own, beside the scripts of production.
  asio::awaitable<RedisReply> Send(std::vector<std::string> command);
  // Writes an event that production would not have written.
  asio::awaitable<void> AddEvent(std::string type, Claim claim, Epoch epoch);
  asio::awaitable<void> Sleep(std::chrono::milliseconds duration);
  // Has work done that nobody waits for.
  asio::awaitable<void> InBackground(asio::awaitable<void> work);
  // Keeps Redis from answering anybody for so long.
  asio::awaitable<void> Occupy(std::chrono::milliseconds duration);
  std::string Name(const std::string& key) const { return prefix_ + key; }
  RedisClient& connection() { return commands_; }

 private:
  RedisClient& commands_;
  std::string prefix_;
};

}  // namespace platform
