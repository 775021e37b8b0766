#include "support/load/polling_driver.h"

#include <algorithm>

#include "support/base/errors.h"

namespace proving_ground {

using std::chrono::milliseconds;

std::vector<StackEvent> PollingDriver::NextEvents(milliseconds wait) {
  const Clock::time_point until = Clock::now() + wait;
  PauseUntil(std::min(next_look_, until));
  if (Clock::now() < next_look_) return {};
  next_look_ = Clock::now() + contract_.poll_every;
  std::set<std::string> open;
  {
    const std::lock_guard lock(mutex_);
    open = open_;
  }
  std::vector<StackEvent> events;
  try {
    for (const std::string& task : open) {
      const std::optional<TaskRecord> record = Read(task);
      if (!record.has_value() || !(record->finished || record->failed)) continue;
      events.push_back({record->finished ? EventType::kFinished : EventType::kFailed, task,
                        record->worker, record->attempts, 0});
      Forget(task);
    }
  } catch (const EnvironmentError&) {
    // No answer: the tasks that remain are looked up the next time.
  }
  return events;
}

void PollingDriver::Watch(const std::string& task) {
  const std::lock_guard lock(mutex_);
  open_.insert(task);
}

void PollingDriver::Forget(const std::string& task) {
  const std::lock_guard lock(mutex_);
  open_.erase(task);
}

TaskRecord PollingDriver::FromState(const std::string& state) const {
  TaskRecord record;
  record.state = state;
  record.finished = state == contract_.finished;
  record.failed = state == contract_.failed;
  return record;
}

}  // namespace proving_ground
