#include "compose/services/coordinator/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "compose/services/coordinator/redis_task_store.h"
#include "compose/services/testing/redis_server.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{60'000};

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    redis_.Start();
    RunUntil([this] { return redis_.connected(); });
    asio::co_spawn(io_context_, leadership_.Run(), asio::detached);
    asio::co_spawn(io_context_, dispatcher_.Run(), asio::detached);
    RunUntil([this] { return leadership_.holds(); });
    for (const char* worker : {"u", "v", "w"}) Await(store_.Join(leadership_.epoch(), worker));
  }

  ~DispatcherTest() override {
    dispatcher_.Stop();
    leadership_.Stop();
    redis_.Stop();
    io_context_.restart();
    io_context_.run();
  }

  RedisClient::Options Connection() {
    RedisClient::Options options;
    options.unix_socket = server_.unix_socket();
    return options;
  }

  template <typename Condition>
  void RunUntil(Condition condition) {
    while (!condition()) {
      io_context_.restart();
      io_context_.run_one();
    }
  }

  template <typename Result>
  Result Await(std::future<Result> result) {
    RunUntil([&] { return result.wait_for(milliseconds(0)) == std::future_status::ready; });
    return result.get();
  }

  template <typename Result>
  Result Await(asio::awaitable<Result> operation) {
    return Await(asio::co_spawn(io_context_, std::move(operation), asio::use_future));
  }

  // Asks for a task, and returns once the worker waits.
  std::future<Lease> Wait(const std::string& worker) {
    const std::size_t waiting = dispatcher_.waiting();
    auto lease = asio::co_spawn(io_context_, dispatcher_.Take(worker, kLong), asio::use_future);
    RunUntil([&] { return dispatcher_.waiting() == waiting + 1; });
    return lease;
  }

  void Submit(const std::string& id) {
    const Task task{id, "{}"};
    Await(store_.Submit(leadership_.epoch(), task));
    signals_.queue.Notify();
  }

  testing::RedisServer server_;
  asio::io_context io_context_;
  RedisClient redis_{io_context_.get_executor(), Connection()};
  RedisTaskStore store_{redis_, redis_, {.team = "sales"}};
  Leadership leadership_{io_context_.get_executor(), store_, {.instance = "one"}};
  Signals signals_{io_context_.get_executor()};
  Dispatcher dispatcher_{io_context_.get_executor(), store_, leadership_, signals_};
};

TEST_F(DispatcherTest, WhoWaitsLongestIsServedFirst) {
  auto w = Wait("w");
  auto u = Wait("u");
  auto v = Wait("v");
  Submit("first");
  EXPECT_EQ(Await(std::move(w)).task.id, "first");
  Submit("second");
  EXPECT_EQ(Await(std::move(u)).task.id, "second");
  Submit("third");
  EXPECT_EQ(Await(std::move(v)).task.id, "third");
}

TEST_F(DispatcherTest, NewcomerDoesNotOvertakeWaiters) {
  auto waits = Wait("w");
  const Task task{"only", "{}"};
  Await(store_.Submit(leadership_.epoch(), task));  // nobody has been told yet
  auto newcomer = asio::co_spawn(io_context_, dispatcher_.Take("v", kLong), asio::use_future);
  EXPECT_EQ(Await(std::move(waits)).task.id, "only");
  Submit("next");
  EXPECT_EQ(Await(std::move(newcomer)).task.id, "next");
}

TEST_F(DispatcherTest, WaitEndsWithNothing) {
  const Lease lease = Await(dispatcher_.Take("w", milliseconds(10)));
  EXPECT_EQ(lease.kind, Lease::Kind::kNothing);
  EXPECT_EQ(dispatcher_.waiting(), 0U);
}

TEST_F(DispatcherTest, LaterRequestOfTheSameWorkerReplacesTheEarlier) {
  auto earlier = Wait("w");
  auto later = asio::co_spawn(io_context_, dispatcher_.Take("w", kLong), asio::use_future);
  EXPECT_EQ(Await(std::move(earlier)).kind, Lease::Kind::kNothing);
  RunUntil([this] { return dispatcher_.waiting() == 1; });
  Submit("t");
  EXPECT_EQ(Await(std::move(later)).task.id, "t");
}

TEST_F(DispatcherTest, ForgottenWorkerIsToldToRegister) {
  EXPECT_EQ(Await(dispatcher_.Take("stranger", kLong)).kind, Lease::Kind::kUnregistered);
}

TEST_F(DispatcherTest, ARequestUnderWayWhenItStopsDoesNotWait) {
  auto lease = asio::co_spawn(io_context_, dispatcher_.Take("w", kLong), asio::use_future);
  io_context_.restart();
  io_context_.poll_one();  // the store has been asked
  dispatcher_.Stop();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THROW(Await(std::move(lease)), NotLeader);
  EXPECT_LT(std::chrono::steady_clock::now() - began, kLong / 10);
}

TEST_F(DispatcherTest, LossOfLeadershipEndsAllWaiting) {
  auto waits = Wait("w");
  server_.Run({"INCR", "team:sales:epoch"});
  signals_.queue.Notify();
  EXPECT_THROW(Await(std::move(waits)), Fenced);
  EXPECT_FALSE(leadership_.holds());
}

}  // namespace
}  // namespace platform
