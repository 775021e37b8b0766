#include "compose/services/worker/http_coordinator_link.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compose/services/worker/bounded_json.h"

namespace platform {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;

namespace {

Answer ReadStatus(const HttpResult& result) {
  switch (result.status) {
    case 200:
    case 204:
      return Answer::kAccepted;
    case 404:
      return Answer::kUnknownWorker;
    case 409:
      return Answer::kStale;
    case 408:
    case 429:
      throw CoordinatorUnavailable("the coordinator answered " + std::to_string(result.status));
    default:
      if (result.status >= 500) {
        throw CoordinatorUnavailable("the coordinator answered " + std::to_string(result.status));
      }
      return Answer::kRefused;
  }
}

// Runs a reader over the body of an answer. A body that makes no sense is as useless as no answer.
template <typename Reader>
auto ReadBody(const HttpResult& result, Reader reader) {
  try {
    return reader(ParseBoundedJson(result.body));
  } catch (const std::runtime_error& error) {
    throw CoordinatorUnavailable(std::string("the coordinator's answer is unusable: ") +
                                 error.what());
  } catch (const json::exception& error) {
    throw CoordinatorUnavailable(std::string("the coordinator's answer is unusable: ") +
                                 error.what());
  }
}

Task ReadTask(json body) {
  Task task;
  task.ref.id = body.at("id").get<std::string>();
  task.ref.attempt = body.at("attempt").get<std::int64_t>();
  task.nonce = body.value("nonce", "");
  task.steps = std::move(body.at("steps"));
  return task;
}

Registration ReadRegistration(const json& body) {
  constexpr milliseconds kShortest{50};  // An interval of zero would keep a core busy.
  Registration registration;
  registration.heartbeat =
      std::max(kShortest, milliseconds(body.at("heartbeat_ms").get<std::int64_t>()));
  registration.lease = std::max(kShortest, milliseconds(body.at("lease_ms").get<std::int64_t>()));
  return registration;
}

json ResultOf(const TaskOutcome& outcome) {
  json result = {{"proof", outcome.proof}, {"steps", outcome.steps}};
  if (!outcome.finished) result["reason"] = outcome.reason;
  return result;
}

// A reason may quote what a tool said: bytes that are not UTF-8 are replaced, not thrown at.
std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

HttpCoordinatorLink::HttpCoordinatorLink(asio::any_io_executor executor, Options options)
    : options_(std::move(options)), client_(std::move(executor), options_.server) {}

asio::awaitable<HttpResult> HttpCoordinatorLink::Send(std::string method, std::string path,
                                                      std::string body, milliseconds deadline) {
  HttpHeaders headers;
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  try {
    HttpResult result =
        co_await client_.Request(std::move(method), "/v1/workers/" + options_.worker_id + path,
                                 std::move(headers), std::move(body), deadline);
    // A standby says so: the leader is another address of the same name.
    if (result.status == 503) client_.TryElsewhere();
    co_return result;
  } catch (const HttpUnavailable& error) {
    throw CoordinatorUnavailable(error.what());
  } catch (const HttpOutcomeUnknown& error) {
    throw CoordinatorUnavailable(error.what());
  }
}

asio::awaitable<Registration> HttpCoordinatorLink::Register() {
  const HttpResult result = co_await Send("POST", "", "{}", options_.deadline);
  if (result.status != 200) {
    throw CoordinatorUnavailable("the coordinator answered a registration with " +
                                 std::to_string(result.status));
  }
  co_return ReadBody(result, ReadRegistration);
}

asio::awaitable<Answer> HttpCoordinatorLink::Heartbeat(std::optional<TaskRef> task) {
  json body = json::object();
  if (task) {
    body["task"] = task->id;
    body["attempt"] = task->attempt;
  }
  const HttpResult result = co_await Send("POST", "/heartbeat", body.dump(), options_.deadline);
  co_return ReadStatus(result);
}

asio::awaitable<LeaseAnswer> HttpCoordinatorLink::Lease(milliseconds wait) {
  const HttpResult result = co_await Send("POST", "/lease?wait_ms=" + std::to_string(wait.count()),
                                          "{}", wait + options_.deadline);
  LeaseAnswer answer;
  answer.answer = ReadStatus(result);
  if (result.status == 200) answer.task = ReadBody(result, ReadTask);
  co_return answer;
}

asio::awaitable<Answer> HttpCoordinatorLink::Finish(TaskRef task, TaskOutcome outcome) {
  json body;
  body["attempt"] = task.attempt;
  body["outcome"] = outcome.finished ? "finished" : "failed";
  body["result"] = ResultOf(outcome);
  const HttpResult result =
      co_await Send("POST", "/tasks/" + task.id + "/finish", Dump(body), options_.deadline);
  co_return ReadStatus(result);
}

asio::awaitable<void> HttpCoordinatorLink::Leave() {
  ReadStatus(co_await Send("DELETE", "", "", options_.deadline));
}

}  // namespace platform
