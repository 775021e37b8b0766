#include "support/load/ledger.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace proving_ground {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

bool Ended(const LedgerEntry& entry) { return entry.Finished() || entry.Failed(); }

}  // namespace

bool LedgerEntry::Accepted() const {
  return outcome == SubmitOutcome::kAccepted || !events.empty() || settled.value_or(false);
}

bool LedgerEntry::Unsettled() const {
  return submitted.has_value() && outcome == SubmitOutcome::kUnknown && events.empty() &&
         !settled.has_value();
}

bool LedgerEntry::Failed() const { return First(EventType::kFailed) != nullptr; }

int LedgerEntry::FinishCount() const {
  return static_cast<int>(std::count_if(events.begin(), events.end(), [](const auto& event) {
    return event.type == EventType::kFinished;
  }));
}

const LedgerEvent* LedgerEntry::First(EventType type) const {
  const auto found = std::find_if(events.begin(), events.end(),
                                  [type](const auto& event) { return event.type == type; });
  return found == events.end() ? nullptr : &*found;
}

std::optional<microseconds> LedgerEntry::ResponseTime() const {
  const LedgerEvent* finish = First(EventType::kFinished);
  if (finish == nullptr) return std::nullopt;
  return finish->seen - task.arrival - ThinkTime(task);
}

std::optional<microseconds> LedgerEntry::ServiceTime() const {
  const LedgerEvent* finish = First(EventType::kFinished);
  if (finish == nullptr || finish->at_ms == 0) return std::nullopt;
  for (const LedgerEvent& event : events) {
    if (event.type == EventType::kStarted && event.attempt == finish->attempt) {
      return milliseconds(finish->at_ms - event.at_ms) - ThinkTime(task);
    }
  }
  return std::nullopt;
}

LedgerCounts Count(const std::vector<LedgerEntry>& entries, const std::string& team) {
  LedgerCounts counts;
  for (const LedgerEntry& entry : entries) {
    if (entry.task.team != team) continue;
    ++counts.planned;
    if (!entry.submitted.has_value()) continue;
    ++counts.submitted;
    if (entry.Unsettled()) {
      ++counts.unknown;
    } else if (!entry.Accepted()) {
      ++counts.refused;
    } else {
      ++counts.accepted;
      if (entry.Finished()) {
        ++counts.finished;
      } else if (entry.Failed()) {
        ++counts.failed;
      } else if (entry.First(EventType::kStarted) != nullptr) {
        ++counts.running;
      } else {
        ++counts.queued;
      }
    }
  }
  return counts;
}

void Ledger::Open(Clock::time_point start, std::vector<Task> tasks) {
  const std::lock_guard lock(mutex_);
  start_ = start;
  for (Task& task : tasks) {
    positions_[task.id] = entries_.size();
    entries_.emplace_back().task = std::move(task);
  }
}

void Ledger::Submitted(const std::string& task, Clock::time_point began, Clock::time_point ended,
                       const SubmitResult& result) {
  const std::lock_guard lock(mutex_);
  LedgerEntry& entry = Entry(task);
  entry.submitted = SinceStart(began);
  entry.answered = SinceStart(ended);
  entry.outcome = result.outcome;
  entry.reason = result.reason;
}

bool Ledger::Record(const StackEvent& event, Clock::time_point seen) {
  const std::lock_guard lock(mutex_);
  const auto found = positions_.find(event.task);
  if (found == positions_.end()) {
    strangers_.insert(event.task);
    return false;
  }
  entries_[found->second].events.push_back(
      {event.type, event.worker, event.attempt, event.at_ms, SinceStart(seen)});
  return true;
}

std::vector<std::string> Ledger::Strangers(const std::string& prefix) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> own;
  std::copy_if(strangers_.begin(), strangers_.end(), std::back_inserter(own),
               [&](const std::string& task) { return task.starts_with(prefix); });
  return own;
}

void Ledger::Settle(const std::string& task, bool accepted) {
  const std::lock_guard lock(mutex_);
  Entry(task).settled = accepted;
}

void Ledger::Read(const std::string& task, const TaskRecord& record) {
  const std::lock_guard lock(mutex_);
  LedgerEntry& entry = Entry(task);
  entry.last_state = record.state;
  entry.finished_by_record = entry.finished_by_record || record.finished;
  if (!record.proof.empty()) entry.proof = record.proof;
  if (!record.reason.empty()) entry.reason = record.reason;
}

void Ledger::Collected(const std::string& task) {
  const std::lock_guard lock(mutex_);
  Entry(task).collected = true;
}

std::vector<LedgerEntry> Ledger::Entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

std::int64_t Ledger::FinishedCount() const {
  const std::lock_guard lock(mutex_);
  return std::count_if(entries_.begin(), entries_.end(),
                       [](const auto& entry) { return entry.Finished(); });
}

std::vector<std::string> Ledger::Unended(const std::string& team) const {
  return Select(team, [](const LedgerEntry& entry) {
    return (entry.Accepted() || entry.Unsettled()) && !Ended(entry);
  });
}

std::vector<std::string> Ledger::Unsettled(const std::string& team) const {
  return Select(team, [](const LedgerEntry& entry) { return entry.Unsettled(); });
}

std::vector<std::string> Ledger::Uncollected(const std::string& team) const {
  return Select(team, [](const LedgerEntry& entry) { return Ended(entry) && !entry.collected; });
}

std::vector<std::string> Ledger::Select(const std::string& team,
                                        bool (*wanted)(const LedgerEntry&)) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const LedgerEntry& entry : entries_) {
    if (entry.task.team == team && wanted(entry)) ids.push_back(entry.task.id);
  }
  return ids;
}

LedgerEntry& Ledger::Entry(const std::string& task) { return entries_.at(positions_.at(task)); }

milliseconds Ledger::SinceStart(Clock::time_point moment) const {
  return std::chrono::duration_cast<milliseconds>(moment - start_);
}

}  // namespace proving_ground
