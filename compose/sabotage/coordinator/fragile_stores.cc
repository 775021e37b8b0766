#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "compose/sabotage/coordinator/broken_store.h"
#include "compose/sabotage/coordinator/broken_stores.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Learns of the loss of Redis where leadership is renewed, once a second and at once when it ends.
class NoticesLoss : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    BeforeAttempt();
    bool lost = false;
    try {
      const Acquisition acquired =
          co_await BrokenStore::Acquire(std::move(instance), lease, last_known);
      if (acquired.epoch != 0) had_it_ = true;
      co_return acquired;
    } catch (const RedisUnavailable&) {
      lost = true;
    } catch (const RedisOutcomeUnknown&) {
      lost = true;
    }
    if (lost && (had_it_ || AtItsStart())) Lost();
    throw RedisUnavailable("Redis is away");
  }
  asio::awaitable<void> Renew(Epoch epoch, std::string instance, milliseconds lease) override {
    BeforeAttempt();
    bool lost = false;
    try {
      co_await BrokenStore::Renew(epoch, std::move(instance), lease);
    } catch (const RedisUnavailable&) {
      lost = true;
    } catch (const RedisOutcomeUnknown&) {
      lost = true;
    }
    if (!lost) {
      Found();
      co_return;
    }
    Lost();
    throw RedisUnavailable("Redis is away");
  }

 protected:
  virtual void BeforeAttempt() {}
  virtual void Lost() = 0;
  virtual void Found() {}
  // Whether a Redis that was never there counts as lost.
  virtual bool AtItsStart() const { return false; }

 private:
  bool had_it_ = false;
};

// Never connects again.
class NeverReconnects : public NoticesLoss {
 public:
  using NoticesLoss::NoticesLoss;

 protected:
  void Lost() override { connection().Stop(); }
};

// Counts on Redis being away for long, and asks again only then.
class ReconnectsLate : public NoticesLoss {
 public:
  using NoticesLoss::NoticesLoss;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    BeforeAttempt();
    co_return co_await NoticesLoss::Submit(epoch, std::move(task));
  }

 protected:
  void BeforeAttempt() override {
    if (steady_clock::now() < again_) throw RedisUnavailable("it was away a moment ago");
  }
  void Lost() override { again_ = steady_clock::now() + std::chrono::seconds(14); }

 private:
  steady_clock::time_point again_;
};

// The same when Redis is not there at its start.
class StartsLateWithoutRedis : public ReconnectsLate {
 public:
  using ReconnectsLate::ReconnectsLate;
  asio::awaitable<Acquisition> Acquire(std::string instance, milliseconds lease,
                                       Epoch last_known) override {
    // A Redis that is there has answered by then.
    if (!std::exchange(asked_, true)) co_await Sleep(milliseconds(100));
    co_return co_await ReconnectsLate::Acquire(std::move(instance), lease, last_known);
  }

 protected:
  bool AtItsStart() const override { return true; }

 private:
  bool asked_ = false;
};

// Ends when Redis is away, and counts on being started anew.
class DiesWithRedis : public NoticesLoss {
 public:
  using NoticesLoss::NoticesLoss;

 protected:
  void Lost() override { std::_Exit(EXIT_FAILURE); }
};

// Tries to connect as often as it can while Redis is away: up to 500 times a second, for 20 s.
class StormsRedis : public NoticesLoss {
 public:
  using NoticesLoss::NoticesLoss;
  ~StormsRedis() override { Found(); }

 protected:
  void Lost() override {
    if (storming_.exchange(true)) return;
    if (storm_.joinable()) storm_.join();
    storm_ = std::thread([this] { Storm(); });
  }
  void Found() override {
    storming_ = false;
    if (storm_.joinable()) storm_.join();
  }

 private:
  void Storm() {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* address = nullptr;
    if (::getaddrinfo("redis", "6379", &hints, &address) != 0) return;
    const auto end = steady_clock::now() + std::chrono::seconds(20);
    while (storming_ && steady_clock::now() < end) {
      const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      ::connect(connection, address->ai_addr, address->ai_addrlen);
      ::close(connection);
      std::this_thread::sleep_for(milliseconds(2));
    }
    ::freeaddrinfo(address);
  }

  std::atomic<bool> storming_ = false;
  std::thread storm_;
};

// Lets its callers wait until Redis is back.
class WaitsForRedis : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    for (int attempt = 0; attempt < 100; ++attempt) {
      try {
        Task same = task;
        co_return co_await BrokenStore::Submit(epoch, std::move(same));
      } catch (const RedisUnavailable&) {
      } catch (const RedisOutcomeUnknown&) {
      }
      co_await Sleep(milliseconds(200));
    }
    throw RedisUnavailable("Redis is away");
  }
};

// Takes no task any more once Redis has refused one.
class NeverForgives : public BrokenStore {
 public:
  using BrokenStore::BrokenStore;
  asio::awaitable<Submission> Submit(Epoch epoch, Task task) override {
    if (refused_) throw RedisUnavailable("Redis has refused a task");
    try {
      co_return co_await BrokenStore::Submit(epoch, std::move(task));
    } catch (const RedisError&) {
      refused_ = true;
      throw;
    }
  }

 private:
  bool refused_ = false;
};

}  // namespace

void AddFragileStores(BrokenStores& stores) {
  stores["never-reconnects"] = MakerOf<NeverReconnects>();
  stores["reconnects-late"] = MakerOf<ReconnectsLate>();
  stores["starts-late-without-redis"] = MakerOf<StartsLateWithoutRedis>();
  stores["dies-with-redis"] = MakerOf<DiesWithRedis>();
  stores["storms-redis"] = MakerOf<StormsRedis>();
  stores["waits-for-redis"] = MakerOf<WaitsForRedis>();
  stores["never-forgives"] = MakerOf<NeverForgives>();
}

}  // namespace platform
