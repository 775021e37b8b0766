#include "support/faults/coordinator_client.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr int kMostEvents = 500;  // of one answer
constexpr std::chrono::milliseconds kAnswerWithin{3'000};
constexpr std::chrono::seconds kPatience{10};

[[noreturn]] void Refused(const std::string& target, const HttpResult& result) {
  throw EnvironmentError(fmt::format("the coordinator answered {} with HTTP status {} {}", target,
                                     result.status, result.body.substr(0, 200)),
                         "check that it is ready and speaks the reference protocol");
}

json Parsed(const std::string& target, const HttpResult& result) {
  json document = json::parse(result.body, nullptr, false);
  if (result.status != 200 || !document.is_object()) Refused(target, result);
  return document;
}

std::string TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

template <typename Number>
Number NumberOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<Number>() : Number{};
}

}  // namespace

CoordinatorClient::CoordinatorClient(FindUrl find_url) : find_url_(std::move(find_url)) {}

HttpResult CoordinatorClient::Ask(const std::string& method, const std::string& target,
                                  const std::string& body) {
  if (url_.empty()) url_ = find_url_();
  HttpRequest request{method, url_ + target, {}, body, kAnswerWithin};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  try {
    return http_.Send(request);
  } catch (const HttpUnavailable&) {
    url_.clear();  // it may be elsewhere by now
    throw;
  }
}

HttpResult CoordinatorClient::AskPatiently(const std::string& method, const std::string& target) {
  HttpResult last;
  try {
    Await("an answer to " + target, Within(kPatience), [&](std::string& seen) {
      last = Ask(method, target);
      seen = fmt::format("HTTP status {} {}", last.status, last.body.substr(0, 100));
      return last.status != 503 && last.status != 504;
    });
  } catch (const DeadlineExceeded&) {
    // the caller says what is wrong with the last answer
  }
  return last;
}

CoordinatorAnswer CoordinatorClient::Submit(const std::string& task,
                                            std::chrono::milliseconds think, bool calls) {
  json step = json::object();
  step["think_ms"] = think.count();
  json payload = json::object();
  payload["id"] = task;
  payload["nonce"] = task;
  payload["steps"] = json::array({step});
  if (calls) {
    payload["steps"].push_back(
        {{"tool", "memory_put"}, {"arguments", {{"key", "${task}"}, {"value", "${nonce}"}}}});
    payload["steps"].push_back({{"tool", "memory_delete"}, {"arguments", {{"key", "${task}"}}}});
  }
  const HttpResult result = Ask("POST", "/v1/tasks", payload.dump());
  return {result.status, result.body};
}

std::optional<CoordinatorTask> CoordinatorClient::Read(const std::string& task) {
  const std::string target = "/v1/tasks/" + task;
  const HttpResult result = AskPatiently("GET", target);
  if (result.status == 404) return std::nullopt;
  const json record = Parsed(target, result);
  return CoordinatorTask{TextOf(record, "state"), TextOf(record, "worker"),
                         NumberOf<int>(record, "attempts")};
}

bool CoordinatorClient::Remove(const std::string& task) {
  const std::string target = "/v1/tasks/" + task;
  const HttpResult result = AskPatiently("DELETE", target);
  if (result.status == 409) return false;
  if (result.status / 100 != 2 && result.status != 404) Refused(target, result);
  return true;
}

std::map<std::string, std::string> CoordinatorClient::Workers() {
  const json answer = Parsed("/v1/workers", AskPatiently("GET", "/v1/workers"));
  std::map<std::string, std::string> workers;
  for (const json& worker : answer.value("workers", json::array())) {
    workers[TextOf(worker, "id")] = TextOf(worker, "task");
  }
  return workers;
}

std::string CoordinatorClient::EventsEnd() {
  const std::string target = "/v1/events?after=%24&limit=1&wait_ms=0";
  return TextOf(Parsed(target, AskPatiently("GET", target)), "next");
}

std::vector<LeadershipEvent> CoordinatorClient::EventsAfter(std::string& place) {
  std::vector<LeadershipEvent> events;
  for (;;) {
    const std::string target =
        fmt::format("/v1/events?after={}&limit={}&wait_ms=0", place, kMostEvents);
    const json answer = Parsed(target, AskPatiently("GET", target));
    const json batch = answer.value("events", json::array());
    for (const json& item : batch) {
      LeadershipEvent event;
      event.seq = TextOf(item, "seq");
      event.epoch = NumberOf<std::int64_t>(item, "epoch");
      event.type = TextOf(item, "type");
      event.task = TextOf(item, "task");
      event.worker = TextOf(item, "worker");
      event.attempt = NumberOf<int>(item, "attempt");
      events.push_back(std::move(event));
    }
    place = TextOf(answer, "next");
    if (batch.size() < kMostEvents) return events;
  }
}

bool CoordinatorClient::Ready() {
  try {
    return Ask("GET", "/readyz").status == 200;
  } catch (const HttpUnavailable&) {
    return false;
  }
}

std::int64_t CoordinatorClient::Epoch() {
  return NumberOf<std::int64_t>(Parsed("/v1/status", Ask("GET", "/v1/status")), "epoch");
}

}  // namespace proving_ground
