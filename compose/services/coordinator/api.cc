#include "compose/services/coordinator/api.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "compose/services/common/log.h"
#include "compose/services/common/redis_client.h"
#include "compose/services/coordinator/http_json.h"

namespace platform {

using nlohmann::json;

namespace {

std::string NotLeaderText(const NotLeader& error) {
  return std::string("not leader: ") + error.what();
}

}  // namespace

asio::awaitable<HttpResponse> Api::Handle(const HttpRequest& request) {
  HttpResponse response;
  try {
    response = co_await Route(request);
  } catch (const BadRequest& error) {
    response = ErrorResponse(400, error.what());
  } catch (const InvalidTask& error) {
    response = ErrorResponse(400, error.what());
  } catch (const NotLeader& error) {
    response = ErrorResponse(503, NotLeaderText(error));
  } catch (const Fenced& error) {
    context_.leadership.Lost(error.what());
    response = ErrorResponse(503, "not leader: another instance leads");
  } catch (const RedisUnavailable&) {
    response = ErrorResponse(503, "the store is away; nothing was changed");
  } catch (const RedisOutcomeUnknown&) {
    response = ErrorResponse(504,
                             "the store did not answer in time; it is not known whether this "
                             "was done, repeat the request");
  } catch (const RedisNotServing& error) {
    response = ErrorResponse(
        503, "the store refuses at present (" + error.code() + "); nothing was changed");
  } catch (const RedisError& error) {
    Log(Level::kError, "redis_refused", {{"path", request.path}, {"answer", error.what()}});
    response = ErrorResponse(503, "the store refused this; nothing was changed");
  }
  context_.metrics.CountRequest(response.status);
  co_return response;
}

asio::awaitable<HttpResponse> Api::Route(const HttpRequest& request) {
  std::vector<std::string> path = PathSegments(request.path);
  if (path.size() == 1 && request.method == "GET") {
    if (path[0] == "healthz") co_return Liveness();
    if (path[0] == "readyz") co_return Readiness();
    if (path[0] == "metrics") co_return MetricsText();
  }
  if (path.size() < 2 || path[0] != "v1") co_return ErrorResponse(404, "no such path");
  path.erase(path.begin());
  co_return co_await RouteVersion1(request, std::move(path));
}

asio::awaitable<HttpResponse> Api::RouteVersion1(const HttpRequest& request,
                                                 std::vector<std::string> path) {
  if (context_.stopping) throw NotLeader("shutting down");
  // A standby answers nothing, not even reads: its client shall go to the leader.
  static_cast<void>(context_.leadership.epoch());
  if (path[0] == "workers" && path.size() > 1) {
    path.erase(path.begin());
    co_return co_await workers_.Handle(request, std::move(path));
  }
  co_return co_await clients_.Handle(request, std::move(path));
}

HttpResponse Api::Liveness() const { return JsonResponse(200, json{{"alive", true}}); }

HttpResponse Api::MetricsText() const {
  context_.metrics.waiting.Set(static_cast<double>(context_.dispatcher.waiting()));
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4";
  response.body = context_.metrics.Text();
  return response;
}

HttpResponse Api::Readiness() const {
  if (context_.stopping) return ErrorResponse(503, "shutting down");
  if (!context_.redis_connected()) return ErrorResponse(503, "Redis does not answer");
  try {
    return JsonResponse(200, json{{"ready", true}, {"epoch", context_.leadership.epoch()}});
  } catch (const NotLeader& error) {
    return ErrorResponse(503, NotLeaderText(error));
  }
}

}  // namespace platform
