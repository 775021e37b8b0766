// A client of one team's coordinator, for what the harness itself asks of it: tasks that stay in
// flight during a fault, who works on what, and the reading back of everything afterwards.
//
// What clients feel during a fault is not measured here but by the RecoveryProbe, inside the
// stack's networks.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/faults/history_check.h"
#include "support/mcp/http_client.h"

namespace proving_ground {

// A task as the coordinator's record tells it.
struct CoordinatorTask {
  std::string state;  // "queued", "running", "finished", "failed"
  std::string worker;
  int attempts = 0;
};

struct CoordinatorAnswer {
  int status = 0;  // HTTP
  std::string body;
};

// Not thread-safe.
class CoordinatorClient {
 public:
  // Looks up "http://host:port": a published port changes when its container is started anew.
  using FindUrl = std::function<std::string()>;
  explicit CoordinatorClient(FindUrl find_url);

  // All throw HttpUnavailable when there is no answer, EnvironmentError for one that makes no
  // sense; those without a status also for one that is not 200 (404 where it means "none").

  // Hands over a task that thinks for `think` and, with `calls`, has its worker store a value through
  // the gateway and remove it. Any status is an answer.
  CoordinatorAnswer Submit(const std::string& task, std::chrono::milliseconds think,
                           bool calls = false);
  std::optional<CoordinatorTask> Read(const std::string& task);
  // Removes the record of a task that has ended. Returns false when it has not.
  bool Remove(const std::string& task);
  // Task in hand by worker; empty: idle.
  std::map<std::string, std::string> Workers();
  // Place of the end of the event log at present.
  std::string EventsEnd();
  // All events after `place`, which moves to the end.
  std::vector<LeadershipEvent> EventsAfter(std::string& place);
  bool Ready();
  std::int64_t Epoch();

 private:
  HttpResult Ask(const std::string& method, const std::string& target,
                 const std::string& body = "");
  // The same for requests that may be repeated: until the coordinator neither asks to try again
  // later (503) nor is without an answer from its store (504), for some seconds.
  HttpResult AskPatiently(const std::string& method, const std::string& target);

  FindUrl find_url_;
  std::string url_;
  HttpClient http_;
};

}  // namespace proving_ground
