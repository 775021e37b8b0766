// A task store with a real Redis behind it, driven by the thread of the test.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <string>
#include <vector>

#include "compose/services/coordinator/redis_task_store.h"
#include "compose/services/testing/eventually.h"
#include "compose/services/testing/redis_server.h"

namespace platform {

inline constexpr std::chrono::milliseconds kLeaderLease{3000};

// The store as the ACL user of its team, with the rights it has in production.
class StoreFixture : public ::testing::Test {
 protected:
  StoreFixture() {
    commands_.Start();
    blocking_.Start();
    testing::Eventually([this] {
      io_context_.poll();
      return commands_.connected() && blocking_.connected();
    });
    epoch_ = Await(store_.Acquire("one", kLeaderLease, 0)).epoch;
  }

  RedisClient::Options Connection() {
    RedisClient::Options options;
    options.unix_socket = server_.unix_socket();
    options.user = "sales";
    options.password = [] { return "secret"; };
    return options;
  }

  template <typename Result>
  Result Await(asio::awaitable<Result> operation) {
    auto result = asio::co_spawn(io_context_, std::move(operation), asio::use_future);
    while (result.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) {
      io_context_.restart();
      io_context_.run_one();
    }
    return result.get();
  }

  Submission Submit(const std::string& id, const std::string& payload = "{}") {
    return Await(store_.Submit(epoch_, {id, payload}));
  }

  Lease Take(const std::string& worker) { return Await(store_.Take(epoch_, worker, true)); }

  FinishOutcome Finish(const Claim& claim) {
    return Await(store_.Finish(epoch_, claim, "finished", "{}"));
  }

  // Submits a task and has a worker take it.
  Claim Running(const std::string& task, const std::string& worker) {
    Await(store_.Join(epoch_, worker));
    Submit(task);
    const Lease lease = Take(worker);
    EXPECT_EQ(lease.task.id, task);
    return {worker, task, lease.attempt};
  }

  std::vector<std::string> EventTypes() {
    std::vector<std::string> types;
    for (const Event& event : Await(store_.EventsAfter("0-0", 100))) types.push_back(event.type);
    return types;
  }

  // Lets a deadline in Redis pass.
  void Expire(const std::string& set, const std::string& member) {
    server_.Run({"ZADD", "team:sales:" + set, "XX", "1", member});
  }

  testing::RedisServer server_{
      {"user sales on >secret ~team:sales:* &team:sales:* +@all -@dangerous -@admin "
       "-@scripting +eval +evalsha"}};
  asio::io_context io_context_;
  RedisClient commands_{io_context_.get_executor(), Connection()};
  RedisClient blocking_{io_context_.get_executor(), Connection()};
  RedisTaskStore store_{commands_, blocking_, {.team = "sales"}};
  Epoch epoch_ = 0;
};

}  // namespace platform
