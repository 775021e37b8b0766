// The HTTP interface of the coordinator: health and metrics for all, /v1 while it leads.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "compose/services/common/http_message.h"
#include "compose/services/coordinator/dispatcher.h"
#include "compose/services/coordinator/leadership.h"
#include "compose/services/coordinator/metrics.h"
#include "compose/services/coordinator/task_store.h"

namespace platform {

// What the routes work with.
struct ApiContext {
  TaskStore& store;
  Leadership& leadership;
  Dispatcher& dispatcher;
  Signals& signals;
  Metrics& metrics;
  std::string team;
  std::chrono::milliseconds heartbeat;
  std::chrono::milliseconds worker_lease;
  std::function<bool()> redis_connected;
  bool stopping = false;
};

// Routes below /v1/tasks, /v1/events, /v1/status and /v1/workers (GET) for clients.
class ClientApi {
 public:
  explicit ClientApi(ApiContext& context) : context_(context) {}
  // `path` holds the segments after "v1".
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request, std::vector<std::string> path);

 private:
  asio::awaitable<HttpResponse> Submit(const HttpRequest& request);
  asio::awaitable<HttpResponse> Show(std::string task);
  asio::awaitable<HttpResponse> Collect(std::string task);
  asio::awaitable<HttpResponse> Events(const HttpRequest& request);
  asio::awaitable<HttpResponse> Status();
  asio::awaitable<HttpResponse> Workers();

  ApiContext& context_;
};

// Routes below /v1/workers/{id} for workers.
class WorkerApi {
 public:
  explicit WorkerApi(ApiContext& context) : context_(context) {}
  // `path` holds the segments after "workers", the first of which is the worker's id.
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request, std::vector<std::string> path);

 private:
  asio::awaitable<HttpResponse> Register(std::string worker);
  asio::awaitable<HttpResponse> Heartbeat(const HttpRequest& request, std::string worker);
  asio::awaitable<HttpResponse> Lease(const HttpRequest& request, std::string worker);
  asio::awaitable<HttpResponse> Finish(const HttpRequest& request, std::string worker,
                                       std::string task);
  asio::awaitable<HttpResponse> Leave(std::string worker);

  ApiContext& context_;
};

// The whole of it. Every failure to reach Redis, every refusal of Redis, and every moment without
// leadership, is a 503 with Retry-After: nothing is acknowledged that is not stored, and a 503
// means that nothing was changed. Where Redis did not answer in time that is not known: 504.
class Api {
 public:
  explicit Api(ApiContext& context) : context_(context), clients_(context), workers_(context) {}
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request);

 private:
  asio::awaitable<HttpResponse> Route(const HttpRequest& request);
  asio::awaitable<HttpResponse> RouteVersion1(const HttpRequest& request,
                                              std::vector<std::string> path);
  HttpResponse Liveness() const;
  HttpResponse Readiness() const;
  HttpResponse MetricsText() const;

  ApiContext& context_;
  ClientApi clients_;
  WorkerApi workers_;
};

}  // namespace platform
