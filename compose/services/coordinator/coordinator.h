// One coordinator, put together from its parts.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/options.h"
#include "compose/services/common/redis_client.h"
#include "compose/services/coordinator/redis_task_store.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

struct CoordinatorOptions {
  std::string team;
  std::string instance;  // identity in leadership; the same after a restart
  HostPort listen{"0.0.0.0", 8080};
  RedisClient::Options redis;
  std::chrono::milliseconds worker_lease{5'000};
  std::chrono::milliseconds heartbeat{1'500};
  std::chrono::milliseconds leader_lease{3'000};
  std::chrono::milliseconds retention{3'600'000};
  std::chrono::milliseconds drain{5'000};
};

// Makes the store on the two connections it may use.
using TaskStoreFactory = std::function<std::unique_ptr<TaskStore>(
    RedisClient& commands, RedisClient& blocking, RedisTaskStore::Options options)>;

// The store of production.
std::unique_ptr<TaskStore> MakeRedisTaskStore(RedisClient& commands, RedisClient& blocking,
                                              RedisTaskStore::Options options);

class Coordinator {
 public:
  // Runs on `context`, which one thread runs. Throws std::runtime_error if it cannot listen.
  Coordinator(asio::io_context& context, CoordinatorOptions options,
              const TaskStoreFactory& make_store = MakeRedisTaskStore);
  ~Coordinator();
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  void Start();

  // Stops accepting, answers long polls, lets requests end for at most Options::drain, and gives
  // leadership back. The io_context then runs out of work; destroy the coordinator only after that.
  asio::awaitable<void> Stop();

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace platform
