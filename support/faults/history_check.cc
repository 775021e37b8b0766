#include "support/faults/history_check.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

// One id: what clients were told about it, and what was found under it.
struct Entry {
  const Operation* operation = nullptr;
  const Found* found = nullptr;
};

using Entries = std::unordered_map<std::string_view, Entry>;  // views into history and findings

Entries EnterHistory(const History& history, const std::string& own_prefix) {
  Entries entries;
  entries.reserve(history.size());
  for (const Operation& operation : history) {
    if (!operation.id.starts_with(own_prefix)) {
      throw UsageError("operation " + operation.id + " does not begin with " + own_prefix,
                       "check a history with the prefix of its own ids");
    }
    if (!entries.try_emplace(operation.id, Entry{&operation, nullptr}).second) {
      throw UsageError("the history holds two operations " + operation.id,
                       "give each run a prefix of its own");
    }
  }
  return entries;
}

// Was there what this operation would have left, had it been carried out?
bool Present(const Operation& operation, const Found* found) {
  if (found == nullptr || found->kind != operation.kind) return false;
  return operation.kind == OperationKind::kTask || found->state == operation.id;
}

void Settle(const Operation& operation, const Found* found, HistoryReport& report) {
  const bool present = Present(operation, found);
  const bool refused = operation.outcome == OperationOutcome::kFailed;
  const bool seen_to_finish = operation.finished.has_value();
  if (operation.outcome == OperationOutcome::kOk) ++report.acknowledged;
  if (operation.outcome == OperationOutcome::kUnknown) {
    ++report.unknown;
    ++(present || seen_to_finish ? report.settled_present : report.settled_absent);
  }
  const bool made_up = refused ? found != nullptr || seen_to_finish : found != nullptr && !present;
  if (made_up) report.phantom.push_back(operation.id);
  if (refused) return;
  const bool promised = operation.outcome == OperationOutcome::kOk || seen_to_finish;
  if (promised && !present) report.lost.push_back(operation.id);
  if (operation.kind == OperationKind::kTask && present && found->state != "finished") {
    report.unfinished.push_back(operation.id);
  }
}

// Who has a task in hand, and which life of that worker it was given to.
struct Holder {
  std::string_view worker;
  int life = 0;
};

// Follows the events of tasks and workers in the order of the log.
class LeaseWatch {
 public:
  explicit LeaseWatch(HistoryReport& report) : report_(report) {}

  void Add(const LeadershipEvent& event) {
    if (event.type == "started") {
      Start(event);
    } else if (event.type == "requeued" || event.type == "finished" || event.type == "failed") {
      holders_.erase(event.task);
    } else if (event.type == "expired" || event.type == "left") {
      ++lives_[event.worker];  // whatever it had in hand is free
    }
  }

 private:
  void Start(const LeadershipEvent& event) {
    const Holder taker{event.worker, lives_[event.worker]};
    const auto [place, first] = holders_.try_emplace(event.task, taker);
    if (first) return;
    const Holder& holder = place->second;
    if (holder.worker != event.worker && holder.life == lives_[holder.worker]) {
      report_.shared.push_back(event.task + ": started by " + event.worker + " at " + event.seq +
                               " while " + std::string(holder.worker) + " had it");
    }
    place->second = taker;
  }

  HistoryReport& report_;
  std::unordered_map<std::string_view, Holder> holders_;  // by task
  std::unordered_map<std::string_view, int> lives_;       // by worker: how often it has gone
};

}  // namespace

HistoryReport CheckHistory(const History& history, const std::vector<Found>& found,
                           const std::string& own_prefix) {
  HistoryReport report;
  Entries entries = EnterHistory(history, own_prefix);
  for (const Found& item : found) {
    if (!item.id.starts_with(own_prefix)) continue;
    Entry& entry = entries[item.id];
    if (entry.found != nullptr) {
      throw UsageError("the findings list " + item.id + " twice", "read each id once");
    }
    entry.found = &item;
    if (entry.operation == nullptr) report.phantom.push_back(item.id);
    if (item.finishes > 1) report.duplicate.push_back(item.id);
  }
  for (const Operation& operation : history) {
    Settle(operation, entries.find(operation.id)->second.found, report);
  }
  return report;
}

void CheckLeadership(const std::vector<LeadershipEvent>& events, HistoryReport& report) {
  std::int64_t newest = 0;
  LeaseWatch leases(report);
  for (const LeadershipEvent& event : events) {
    if (event.epoch != 0 && event.epoch < newest) {
      report.stale.push_back(event.seq + ": " + event.type + " " + event.task + " of epoch " +
                             std::to_string(event.epoch) + " after one of epoch " +
                             std::to_string(newest));
    }
    newest = std::max(newest, event.epoch);
    leases.Add(event);
  }
}

}  // namespace proving_ground
