#include "support/load/team_drive.h"

#include <algorithm>
#include <utility>

#include "support/base/errors.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// How long the listener waits for an event before it looks whether it shall end.
constexpr std::chrono::milliseconds kListenFor{500};
// In which a stack may still take a task whose answer was lost.
constexpr std::chrono::seconds kSecondThought{2};

}  // namespace

void FirstFailure::Keep() {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::current_exception();
}

void FirstFailure::Rethrow() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

void TeamDrive::Listen() {
  listener_ = std::jthread([this](const std::stop_token& stop) {
    try {
      RunListener(stop);
    } catch (...) {
      failure_.Keep();
    }
  });
}

void TeamDrive::Submit(std::vector<Task> tasks, Clock::time_point start) {
  submitter_ = std::jthread([this, tasks = std::move(tasks), start](const std::stop_token& stop) {
    try {
      RunSubmitter(stop, tasks, start);
    } catch (...) {
      failure_.Keep();
    }
  });
}

void TeamDrive::Stop() {
  for (std::jthread* thread : {&submitter_, &listener_}) thread->request_stop();
  for (std::jthread* thread : {&submitter_, &listener_}) {
    if (thread->joinable()) thread->join();
  }
}

bool TeamDrive::AllEnded() const {
  if (!submitted_all_) return false;
  const std::vector<std::string> open = ledger_.Unended(team_);
  const std::lock_guard lock(mutex_);
  return std::all_of(open.begin(), open.end(),
                     [this](const std::string& task) { return absent_.contains(task); });
}

void TeamDrive::AddWorkers(const std::set<std::string>& workers) {
  const std::lock_guard lock(mutex_);
  present_.insert(workers.begin(), workers.end());
}

int TeamDrive::WorkersPresent() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(present_.size());
}

std::set<std::string> TeamDrive::WorkersLeft() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

void TeamDrive::Collect(const std::string& task) {
  const std::optional<TaskRecord> record = driver_.Collect(task);
  if (record.has_value()) ledger_.Read(task, *record);
  ledger_.Collected(task);
}

void TeamDrive::RunListener(const std::stop_token& stop) {
  while (!stop.stop_requested() && InterruptSignal() == 0) {
    const std::vector<StackEvent> events = driver_.NextEvents(kListenFor);
    const Clock::time_point seen = Clock::now();
    // All first, so that the time of one event does not wait for the collection of another.
    for (const StackEvent& event : events) Handle(event, seen);
    for (const StackEvent& event : events) {
      if (event.type != EventType::kFinished && event.type != EventType::kFailed) continue;
      const auto waiting = ledger_.Uncollected(team_);
      if (std::find(waiting.begin(), waiting.end(), event.task) == waiting.end()) continue;
      try {
        Collect(event.task);
      } catch (const EnvironmentError&) {
        // Stays uncollected: the clean-up tries once more.
      }
    }
    AskForUnknown();
  }
}

void TeamDrive::AskForUnknown() {
  const std::vector<std::string> unknown = ledger_.Unsettled(team_);
  if (!submitted_all_ || unknown.empty() || ledger_.Unended(team_).size() > unknown.size()) {
    only_unknown_since_.reset();
    return;
  }
  if (!only_unknown_since_) only_unknown_since_ = Clock::now();
  if (Clock::now() < *only_unknown_since_ + kSecondThought) return;
  only_unknown_since_.reset();
  std::set<std::string> absent;
  for (const std::string& task : unknown) {
    try {
      const std::optional<TaskRecord> record = driver_.Read(task);
      if (!record) {
        absent.insert(task);
        continue;
      }
      ledger_.Settle(task, true);
      ledger_.Read(task, *record);
    } catch (const EnvironmentError&) {
      break;  // the others later
    }
  }
  const std::lock_guard lock(mutex_);
  absent_ = std::move(absent);
}

void TeamDrive::RunSubmitter(const std::stop_token& stop, const std::vector<Task>& tasks,
                             Clock::time_point start) {
  Clock::time_point ended = start;
  for (const Task& task : tasks) {
    const Clock::time_point intended = start + task.arrival;
    if (!PauseUntil(intended, stop)) return;
    const Clock::time_point began = Clock::now();
    // A submission that keeps the next one waiting is the stack's doing, not ours.
    lag_.Add(duration_cast<microseconds>(began - std::max(intended, ended)));
    const SubmitResult result = driver_.Submit(task);
    ended = Clock::now();
    ledger_.Submitted(task.id, began, ended, result);
  }
  submitted_all_ = true;
}

void TeamDrive::Handle(const StackEvent& event, Clock::time_point seen) {
  if (event.task.empty() || event.type == EventType::kRegistered ||
      event.type == EventType::kLeft || event.type == EventType::kExpired) {
    HandleWorker(event);
  } else {
    ledger_.Record(event, seen);
  }
}

void TeamDrive::HandleWorker(const StackEvent& event) {
  const std::lock_guard lock(mutex_);
  if (event.type == EventType::kRegistered) {
    present_.insert(event.worker);
  } else {
    present_.erase(event.worker);
    if (event.type == EventType::kLeft) left_.insert(event.worker);
  }
}

}  // namespace proving_ground
