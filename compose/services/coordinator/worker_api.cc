#include <nlohmann/json.hpp>
#include <utility>

#include "compose/services/coordinator/api.h"
#include "compose/services/coordinator/http_json.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr long long kMaxWaitMs = 60'000;

HttpResponse NoContent() {
  HttpResponse response;
  response.status = 204;
  return response;
}

// JSON is put together outside coroutines: g++ 12 miscompiles initializer lists within them.

json ToJson(const ApiContext& context, Epoch epoch) {
  return {{"heartbeat_ms", context.heartbeat.count()},
          {"lease_ms", context.worker_lease.count()},
          {"epoch", epoch}};
}

json ToJson(const std::string& task, const std::string& state) {
  return {{"id", task}, {"state", state}};
}

}  // namespace

asio::awaitable<HttpResponse> WorkerApi::Handle(const HttpRequest& request,
                                                std::vector<std::string> path) {
  const std::string& worker = path[0];
  if (!IsValidId(worker)) throw BadRequest("not a worker id");
  const bool post = request.method == "POST";
  if (path.size() == 1) {
    if (post) co_return co_await Register(worker);
    if (request.method == "DELETE") co_return co_await Leave(worker);
    co_return ErrorResponse(405, "use POST or DELETE");
  }
  const bool heartbeat = path.size() == 2 && path[1] == "heartbeat";
  const bool lease = path.size() == 2 && path[1] == "lease";
  const bool finish = path.size() == 4 && path[1] == "tasks" && path[3] == "finish";
  if (!heartbeat && !lease && !finish) co_return ErrorResponse(404, "no such path");
  if (!post) co_return ErrorResponse(405, "use POST");
  if (heartbeat) co_return co_await Heartbeat(request, worker);
  if (lease) co_return co_await Lease(request, worker);
  if (!IsValidId(path[2])) throw BadRequest("not a task id");
  co_return co_await Finish(request, worker, path[2]);
}

asio::awaitable<HttpResponse> WorkerApi::Register(std::string worker) {
  const Epoch epoch = context_.leadership.epoch();
  const bool is_new = co_await context_.store.Join(epoch, worker);
  if (is_new) context_.signals.events.Notify();
  co_return JsonResponse(200, ToJson(context_, epoch));
}

asio::awaitable<HttpResponse> WorkerApi::Heartbeat(const HttpRequest& request, std::string worker) {
  const json body = JsonBody(request);
  Claim claim;
  claim.worker = worker;
  if (body.contains("task")) {
    claim.task = TextMember(body, "task");
    claim.attempt = NumberMember(body, "attempt");
    if (!IsValidId(claim.task)) throw BadRequest("not a task id");
  }
  switch (co_await context_.store.Heartbeat(context_.leadership.epoch(), claim)) {
    case HeartbeatOutcome::kUnregistered:
      co_return ErrorResponse(404, "not registered");
    case HeartbeatOutcome::kLeaseLost:
      co_return ErrorResponse(409, "lease lost");
    case HeartbeatOutcome::kOk:
      break;
  }
  co_return JsonResponse(200, json::object());
}

asio::awaitable<HttpResponse> WorkerApi::Lease(const HttpRequest& request, std::string worker) {
  const milliseconds wait(QueryNumber(request, "wait_ms", 0, kMaxWaitMs));
  const platform::Lease lease = co_await context_.dispatcher.Take(worker, wait);
  if (lease.kind == platform::Lease::Kind::kUnregistered) {
    co_return ErrorResponse(404, "not registered");
  }
  if (lease.kind == platform::Lease::Kind::kNothing) co_return NoContent();
  HttpResponse response;
  response.body = TaskForWorker(lease.task, lease.attempt);
  co_return response;
}

asio::awaitable<HttpResponse> WorkerApi::Finish(const HttpRequest& request, std::string worker,
                                                std::string task) {
  const json body = JsonBody(request);
  Claim claim;
  claim.worker = worker;
  claim.task = task;
  claim.attempt = NumberMember(body, "attempt");
  const std::string outcome = TextMember(body, "outcome");
  if (outcome != "finished" && outcome != "failed") {
    throw BadRequest("outcome is neither finished nor failed");
  }
  const std::string result = body.value("result", json()).dump();
  const Epoch epoch = context_.leadership.epoch();
  const FinishOutcome finish = co_await context_.store.Finish(epoch, claim, outcome, result);
  if (finish == FinishOutcome::kStale) co_return ErrorResponse(409, "lease lost");
  if (finish == FinishOutcome::kDone) {
    (outcome == "finished" ? context_.metrics.finished : context_.metrics.failed).Increment();
    context_.signals.events.Notify();
  }
  co_return JsonResponse(200, ToJson(task, outcome));
}

asio::awaitable<HttpResponse> WorkerApi::Leave(std::string worker) {
  const std::int64_t requeued = co_await context_.store.Leave(context_.leadership.epoch(), worker);
  context_.metrics.requeued.Increment(static_cast<double>(requeued));
  if (requeued > 0) context_.signals.queue.Notify();
  context_.signals.events.Notify();
  co_return NoContent();
}

}  // namespace platform
