#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "compose/services/coordinator/api.h"
#include "compose/services/coordinator/http_json.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr long long kMaxWaitMs = 60'000;
constexpr long long kMaxEvents = 5000;
// Events come in bursts. Waiting this long after the first one costs a reader nothing, for they
// carry their own time, and saves it a request for each.
constexpr milliseconds kGatherTime{20};

bool IsSequenceNumber(const std::string& text) {
  const std::size_t dash = text.find('-');
  const auto digits = [](const std::string& part) {
    return !part.empty() && part.size() <= 19 &&
           part.find_first_not_of("0123456789") == std::string::npos;
  };
  return dash == std::string::npos ? digits(text)
                                   : digits(text.substr(0, dash)) && digits(text.substr(dash + 1));
}

// JSON is put together outside coroutines: g++ 12 miscompiles initializer lists within them.

json ToJson(const Event& event) {
  json result = {{"seq", event.seq},
                 {"at_ms", std::stoll(event.seq)},
                 {"epoch", event.epoch},
                 {"type", event.type}};
  if (!event.task.empty()) result["task"] = event.task;
  if (!event.worker.empty()) result["worker"] = event.worker;
  if (!event.attempt.empty()) result["attempt"] = std::stoll(event.attempt);
  return result;
}

json ToJson(const std::string& id, const TaskRecord& record) {
  return {{"id", id},
          {"state", record.state},
          {"attempts", record.attempts},
          {"worker", record.worker},
          {"submitted_ms", record.submitted_ms},
          {"started_ms", record.started_ms},
          {"finished_ms", record.finished_ms},
          {"result", record.result.empty() ? json() : json::parse(record.result)}};
}

json ToJson(const std::string& id, const Submission& submission) {
  return {{"id", id}, {"state", submission.state}};
}

// `after` is where the reader stands if there are no events.
json ToJson(const std::vector<Event>& events, const std::string& after) {
  json list = json::array();
  for (const Event& event : events) list.push_back(ToJson(event));
  return {{"events", std::move(list)}, {"next", events.empty() ? after : events.back().seq}};
}

json ToJson(const std::string& team, Epoch epoch, const Totals& totals) {
  return {{"team", team},
          {"epoch", epoch},
          {"queued", totals.queued},
          {"running", totals.running},
          {"workers", totals.workers},
          {"accepted", totals.accepted},
          {"finished", totals.finished},
          {"failed", totals.failed},
          {"requeued", totals.requeued}};
}

json ToJson(const std::vector<WorkerRecord>& workers) {
  json list = json::array();
  for (const WorkerRecord& worker : workers) {
    json entry = {{"id", worker.id},
                  {"state", worker.task.empty() ? "idle" : "busy"},
                  {"last_seen_ms", worker.last_seen_ms},
                  {"finished", worker.finished}};
    if (!worker.task.empty()) entry["task"] = worker.task;
    list.push_back(std::move(entry));
  }
  json result;
  result["workers"] = std::move(list);
  return result;
}

}  // namespace

asio::awaitable<HttpResponse> ClientApi::Handle(const HttpRequest& request,
                                                std::vector<std::string> path) {
  const bool get = request.method == "GET";
  if (path[0] == "tasks" && path.size() == 1) {
    if (request.method == "POST") co_return co_await Submit(request);
    co_return ErrorResponse(405, "use POST");
  }
  if (path[0] == "tasks" && path.size() == 2) {
    if (!IsValidId(path[1])) throw BadRequest("not a task id");
    if (get) co_return co_await Show(path[1]);
    if (request.method == "DELETE") co_return co_await Collect(path[1]);
    co_return ErrorResponse(405, "use GET or DELETE");
  }
  if (path.size() == 1 && (path[0] == "events" || path[0] == "status" || path[0] == "workers")) {
    if (!get) co_return ErrorResponse(405, "use GET");
    if (path[0] == "events") co_return co_await Events(request);
    if (path[0] == "status") co_return co_await Status();
    co_return co_await Workers();
  }
  co_return ErrorResponse(404, "no such path");
}

asio::awaitable<HttpResponse> ClientApi::Submit(const HttpRequest& request) {
  const Task task = ParseTask(request.body);
  const Submission submission = co_await context_.store.Submit(context_.leadership.epoch(), task);
  if (submission.outcome == SubmitOutcome::kConflict) {
    co_return ErrorResponse(409, "another task has this id");
  }
  if (submission.outcome == SubmitOutcome::kAccepted) {
    context_.metrics.accepted.Increment();
    context_.signals.queue.Notify();
    context_.signals.events.Notify();
  }
  co_return JsonResponse(202, ToJson(task.id, submission));
}

asio::awaitable<HttpResponse> ClientApi::Show(std::string task) {
  const std::optional<TaskRecord> record = co_await context_.store.Find(task);
  if (!record) co_return ErrorResponse(404, "no such task");
  co_return JsonResponse(200, ToJson(task, *record));
}

asio::awaitable<HttpResponse> ClientApi::Collect(std::string task) {
  switch (co_await context_.store.Collect(context_.leadership.epoch(), task)) {
    case CollectOutcome::kAbsent:
      co_return ErrorResponse(404, "no such task");
    case CollectOutcome::kUnfinished:
      co_return ErrorResponse(409, "the task has not ended");
    case CollectOutcome::kCollected:
      break;
  }
  HttpResponse response;
  response.status = 204;
  co_return response;
}

asio::awaitable<HttpResponse> ClientApi::Events(const HttpRequest& request) {
  const auto given = request.query.find("after");
  std::string after = given == request.query.end() ? "0-0" : given->second;
  const auto limit =
      static_cast<int>(std::max(1LL, QueryNumber(request, "limit", 500, kMaxEvents)));
  const milliseconds wait(QueryNumber(request, "wait_ms", 0, kMaxWaitMs));
  if (after != "$" && !IsSequenceNumber(after)) throw BadRequest("after is not a sequence number");
  if (after == "$") after = co_await context_.store.LastEvent();

  const auto deadline = steady_clock::now() + wait;
  for (;;) {
    const std::uint64_t seen = context_.signals.events.generation();
    const std::vector<Event> events = co_await context_.store.EventsAfter(after, limit);
    if (!events.empty() || steady_clock::now() >= deadline || context_.stopping) {
      co_return JsonResponse(200, ToJson(events, after));
    }
    co_await context_.signals.events.Wait(seen, deadline);
    co_await context_.signals.shutdown.Wait(0,
                                            std::min(deadline, steady_clock::now() + kGatherTime));
  }
}

asio::awaitable<HttpResponse> ClientApi::Status() {
  const Totals totals = co_await context_.store.Count();
  context_.metrics.Show(totals);
  co_return JsonResponse(200, ToJson(context_.team, context_.leadership.epoch(), totals));
}

asio::awaitable<HttpResponse> ClientApi::Workers() {
  const std::vector<WorkerRecord> workers = co_await context_.store.Workers();
  co_return JsonResponse(200, ToJson(workers));
}

}  // namespace platform
