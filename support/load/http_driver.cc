// Driver for the reference protocol: POST /v1/tasks, GET /v1/events, GET and DELETE /v1/tasks/{id}.
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/poll.h"
#include "support/load/task_driver.h"
#include "support/mcp/http_client.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr int kMostEvents = 500;                 // of one answer
constexpr milliseconds kPauseAfterTrouble{100};  // before an event feed that failed is asked again

// Fields that are absent or null are not known.
std::string TextOf(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

template <typename Number>
Number NumberOf(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number() ? found->get<Number>() : Number{};
}

TaskRecord ParseRecord(const nlohmann::json& json) {
  TaskRecord record;
  record.state = TextOf(json, "state");
  record.finished = record.state == "finished";
  record.failed = record.state == "failed";
  record.worker = TextOf(json, "worker");
  record.attempts = NumberOf<int>(json, "attempts");
  nlohmann::json result = json.value("result", nlohmann::json());
  if (result.is_string()) {
    result = nlohmann::json::parse(result.get<std::string>(), nullptr, false);
  }
  if (result.is_object()) {
    record.proof = TextOf(result, "proof");
    record.reason = TextOf(result, "reason");
  }
  return record;
}

class HttpDriver : public TaskDriver {
 public:
  HttpDriver(const std::string& base_url, milliseconds deadline)
      : base_url_(base_url), deadline_(deadline) {
    const HttpResult end = Ask("GET", "/v1/events?after=%24&limit=1&wait_ms=0");
    const auto json = nlohmann::json::parse(end.body, nullptr, false);
    if (end.status != 200 || !json.is_object() || !json.contains("next"))
      Refused("/v1/events", end);
    next_ = json["next"].get<std::string>();
  }

  bool ReportsWorkers() const override { return true; }

  SubmitResult Submit(const Task& task) override {
    HttpRequest request{"POST",
                        base_url_ + "/v1/tasks",
                        {{"Content-Type", "application/json"}},
                        TaskPayload(task).dump(),
                        deadline_};
    try {
      // A client of its own each time: on a kept connection that turns out dead libcurl repeats the
      // request by itself, and what happened to the first one would go unseen.
      const HttpResult result = HttpClient().Send(request);
      const std::string reason = "HTTP status " + std::to_string(result.status) + " " + result.body;
      if (result.status / 100 == 2) return {SubmitOutcome::kAccepted, ""};
      if (result.status / 100 == 4) return {SubmitOutcome::kRefused, reason};
      return {SubmitOutcome::kUnknown, reason};
    } catch (const HttpUnavailable& error) {
      return {error.sent() ? SubmitOutcome::kUnknown : SubmitOutcome::kRefused, error.what()};
    }
  }

  std::vector<StackEvent> NextEvents(milliseconds wait) override {
    const std::string target = "/v1/events?after=" + next_ +
                               "&limit=" + std::to_string(kMostEvents) +
                               "&wait_ms=" + std::to_string(wait.count());
    try {
      HttpRequest request{"GET", base_url_ + target, {}, "", deadline_ + wait};
      const HttpResult result = reader_.Send(request);
      if (result.status == 200) return TakeEvents(result.body);
    } catch (const HttpUnavailable&) {
      // The feed is kept by the stack: the next call continues at the same place.
    }
    PauseUntil(Clock::now() + kPauseAfterTrouble);
    return {};
  }

  std::optional<TaskRecord> Read(const std::string& task) override {
    const HttpResult result = Ask("GET", "/v1/tasks/" + task);
    if (result.status == 404) return std::nullopt;
    const auto json = nlohmann::json::parse(result.body, nullptr, false);
    if (result.status != 200 || !json.is_object()) Refused("/v1/tasks/" + task, result);
    return ParseRecord(json);
  }

  std::optional<TaskRecord> Collect(const std::string& task) override {
    std::optional<TaskRecord> record = Read(task);
    if (!record.has_value()) return record;
    const HttpResult result = Ask("DELETE", "/v1/tasks/" + task);
    if (result.status / 100 != 2 && result.status != 404) Refused("/v1/tasks/" + task, result);
    return record;
  }

 private:
  HttpResult Ask(const std::string& method, const std::string& target) {
    return reader_.Send({method, base_url_ + target, {}, "", deadline_});
  }

  [[noreturn]] void Refused(const std::string& target, const HttpResult& result) {
    throw EnvironmentError("the coordinator at " + base_url_ + " answered " + target +
                               " with HTTP status " + std::to_string(result.status) + " " +
                               result.body.substr(0, 200),
                           "check that it is ready and speaks the reference protocol");
  }

  std::vector<StackEvent> TakeEvents(const std::string& body) {
    const auto json = nlohmann::json::parse(body);
    std::vector<StackEvent> events;
    for (const auto& item : json.at("events")) {
      const auto type = EventTypeFromName(TextOf(item, "type"));
      if (!type.has_value()) continue;  // of a newer stack
      events.push_back({*type, TextOf(item, "task"), TextOf(item, "worker"),
                        NumberOf<int>(item, "attempt"), NumberOf<std::int64_t>(item, "at_ms")});
    }
    next_ = json.at("next").get<std::string>();
    return events;
  }

  const std::string base_url_;
  const milliseconds deadline_;
  HttpClient reader_;  // used by all but Submit
  std::string next_;
};

}  // namespace

std::unique_ptr<TaskDriver> MakeHttpDriver(const std::string& base_url, milliseconds deadline) {
  return std::make_unique<HttpDriver>(base_url, deadline);
}

}  // namespace proving_ground
