// Follows the coordinator's event log, whatever happens to the coordinator.
#pragma once

#include <functional>
#include <string>

#include "support/faults/probe/requests.h"
#include "support/faults/probe/target.h"

namespace proving_ground {

// Something that happened to a task of this probe.
struct TaskEvent {
  enum class Type { kTaken, kFinished, kFailed };
  Type type = Type::kTaken;
  std::int64_t number = 0;  // of the task
  std::string worker;
  int attempt = 0;
  Clock::time_point seen;
};

// Long polls of GET /v1/events, one at a time, from the end of the log as it is at first. One that
// fails is followed by another 5 ms later; one that hangs is given up 1.2 s after the coordinator
// should have answered.
class EventReader {
 public:
  using OnEvent = std::function<void(const TaskEvent&)>;

  // Events of tasks whose ids are not "<id_prefix>-<number>" are passed over.
  EventReader(Requests& requests, Target& coordinator, const std::string& id_prefix,
              OnEvent on_event);

  // When Ask is to be called next; far in the future while an answer is awaited.
  Clock::time_point due() const { return due_; }
  void Ask();
  // Is it known where the log ended at first? What happened before that is never seen.
  bool knows_place() const { return place_ != kEnd; }

 private:
  static constexpr auto kEnd = "%24";  // "$": the end of the log, as a query's value

  void Take(const std::string& address, Clock::time_point asked, const ProbeAnswer& answer);
  // False for a body that makes no sense.
  bool TakeBody(const ProbeAnswer& answer);

  Requests& requests_;
  Target& coordinator_;
  const std::string prefix_;
  const OnEvent on_event_;
  std::string place_ = kEnd;
  Clock::time_point due_ = Clock::time_point::min();
};

}  // namespace proving_ground
