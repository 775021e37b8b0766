#include "compose/sabotage/coordinator/broken_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platform {
namespace {

// Runs for ARGV[1] ms by Redis' own clock.
constexpr char kOccupy[] =
    "local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end "
    "local till = now() + ARGV[1] "
    "while now() < till do end "
    "return 1";

}  // namespace

BrokenStore::BrokenStore(RedisClient& commands, RedisClient& blocking, Options options)
    : RedisTaskStore(commands, blocking, options),
      commands_(commands),
      prefix_("team:" + options.team + ":") {}

asio::awaitable<RedisReply> BrokenStore::Send(std::vector<std::string> command) {
  co_return co_await commands_.Command(std::move(command));
}

asio::awaitable<void> BrokenStore::AddEvent(std::string type, Claim claim, Epoch epoch) {
  std::vector<std::string> command{"XADD",
                                   Name("events"),
                                   "*",
                                   "type",
                                   type,
                                   "epoch",
                                   std::to_string(epoch),
                                   "task",
                                   claim.task,
                                   "worker",
                                   claim.worker,
                                   "attempt",
                                   std::to_string(claim.attempt)};
  co_await Send(std::move(command));
}

asio::awaitable<void> BrokenStore::Sleep(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> BrokenStore::InBackground(asio::awaitable<void> work) {
  asio::co_spawn(co_await asio::this_coro::executor, std::move(work), asio::detached);
}

asio::awaitable<void> BrokenStore::Occupy(std::chrono::milliseconds duration) {
  std::vector<std::string> command{"EVAL", kOccupy, "1", Name("occupied"),
                                   std::to_string(duration.count())};
  try {
    co_await Send(std::move(command));
  } catch (const std::exception&) {
    // Its own answer comes too late as well.
  }
}

}  // namespace platform
