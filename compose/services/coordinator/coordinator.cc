#include "compose/services/coordinator/coordinator.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "compose/services/common/http_server.h"
#include "compose/services/common/log.h"
#include "compose/services/coordinator/api.h"
#include "compose/services/coordinator/dispatcher.h"
#include "compose/services/coordinator/inbox.h"
#include "compose/services/coordinator/leadership.h"
#include "compose/services/coordinator/metrics.h"
#include "compose/services/coordinator/reaper.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

RedisTaskStore::Options StoreOptions(const CoordinatorOptions& options) {
  RedisTaskStore::Options result;
  result.team = options.team;
  result.worker_lease = options.worker_lease;
  result.retention = options.retention;
  return result;
}

HttpServer::Options ServerOptions(const CoordinatorOptions& options) {
  HttpServer::Options result;
  result.address = options.listen.host;
  result.port = options.listen.port;
  return result;
}

// A fifth of a lease late at most.
milliseconds ReapInterval(const CoordinatorOptions& options) {
  return std::max(options.worker_lease / 5, milliseconds(10));
}

}  // namespace

std::unique_ptr<TaskStore> MakeRedisTaskStore(RedisClient& commands, RedisClient& blocking,
                                              RedisTaskStore::Options options) {
  return std::make_unique<RedisTaskStore>(commands, blocking, std::move(options));
}

struct Coordinator::Impl {
  Impl(asio::io_context& its_context, CoordinatorOptions its_options,
       const TaskStoreFactory& make_store)
      : context(its_context),
        options(std::move(its_options)),
        commands(context.get_executor(), CommandConnection()),
        blocking(context.get_executor(), BlockingConnection()),
        store(make_store(commands, blocking, StoreOptions(options))),
        signals(context.get_executor()),
        leadership(context.get_executor(), *store, LeadershipOptions()),
        dispatcher(context.get_executor(), *store, leadership, signals),
        reaper(context.get_executor(), *store, leadership, signals, metrics, ReapInterval(options)),
        inbox(context.get_executor(), *store, leadership, signals, metrics, Inbox::Options{}),
        api_context{.store = *store,
                    .leadership = leadership,
                    .dispatcher = dispatcher,
                    .signals = signals,
                    .metrics = metrics,
                    .team = options.team,
                    .heartbeat = options.heartbeat,
                    .worker_lease = options.worker_lease,
                    .redis_connected = [this] { return commands.connected(); }},
        api(api_context),
        server(context, ServerOptions(options),
               [this](const HttpRequest& request) { return api.Handle(request); }) {}

  RedisClient::Options CommandConnection() {
    RedisClient::Options result = options.redis;
    result.client_name = options.team + "-coordinator";
    result.on_change = [this](bool connected, const std::string& reason) {
      OnConnection(connected, reason);
    };
    return result;
  }

  RedisClient::Options BlockingConnection() const {
    RedisClient::Options result = options.redis;
    result.client_name = options.team + "-coordinator-inbox";
    return result;
  }

  Leadership::Options LeadershipOptions() {
    Leadership::Options result;
    result.instance = options.instance;
    result.lease = options.leader_lease;
    result.on_change = [this](bool holds, Epoch epoch, const std::string& reason) {
      OnLeadership(holds, epoch, reason);
    };
    return result;
  }

  void OnConnection(bool connected, const std::string& reason) {
    metrics.redis_up.Set(connected ? 1 : 0);
    if (connected) {
      Log(Level::kInfo, "redis_connected", {{"reconnects", commands.reconnects()}});
      leadership.Hurry();
    } else {
      Log(Level::kWarning, "redis_lost", {{"reason", reason}});
      metrics.redis_lost.Increment();
      reaper.GrantGrace();  // no heartbeat can be recorded until it is back
    }
  }

  void OnLeadership(bool holds, Epoch epoch, const std::string& reason) {
    metrics.epoch.Set(static_cast<double>(epoch));
    if (holds) {
      Log(Level::kInfo, "leading", {{"epoch", epoch}, {"instance", options.instance}});
    } else {
      Log(Level::kWarning, "standing_by", {{"reason", reason}, {"instance", options.instance}});
    }
    // Serves whoever waits, or sends them away.
    signals.queue.Notify();
  }

  void Spawn(asio::awaitable<void> loop) {
    // An exception here is a defect: end the process rather than live on without the loop.
    asio::co_spawn(context, std::move(loop), [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
  }

  asio::io_context& context;
  CoordinatorOptions options;
  Metrics metrics;
  RedisClient commands;
  RedisClient blocking;  // waits for the inbox
  std::unique_ptr<TaskStore> store;
  Signals signals;
  Leadership leadership;
  Dispatcher dispatcher;
  Reaper reaper;
  Inbox inbox;
  ApiContext api_context;
  Api api;
  HttpServer server;
};

Coordinator::Coordinator(asio::io_context& context, CoordinatorOptions options,
                         const TaskStoreFactory& make_store)
    : impl_(std::make_unique<Impl>(context, std::move(options), make_store)) {}

Coordinator::~Coordinator() = default;

void Coordinator::Start() {
  impl_->commands.Start();
  impl_->blocking.Start();
  impl_->Spawn(impl_->leadership.Run());
  impl_->Spawn(impl_->dispatcher.Run());
  impl_->Spawn(impl_->reaper.Run());
  impl_->Spawn(impl_->inbox.Run());
  impl_->server.Start();
  Log(Level::kInfo, "started", {{"port", impl_->server.port()}});
}

asio::awaitable<void> Coordinator::Stop() {
  impl_->api_context.stopping = true;
  impl_->dispatcher.Stop();
  impl_->inbox.Stop();
  impl_->reaper.Stop();
  impl_->signals.events.Notify();
  impl_->signals.shutdown.Notify();
  co_await impl_->server.Stop(impl_->options.drain);
  impl_->leadership.Stop();
  co_await impl_->leadership.Release();
  impl_->commands.Stop();
  impl_->blocking.Stop();
  Log(Level::kInfo, "stopped");
}

std::uint16_t Coordinator::port() const { return impl_->server.port(); }

}  // namespace platform
