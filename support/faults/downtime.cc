#include "support/faults/downtime.h"

#include <algorithm>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

// Operations of one kind by time of issue.
std::vector<const Operation*> ByIssue(const History& history, OperationKind kind) {
  std::vector<const Operation*> operations;
  operations.reserve(history.size());
  for (const Operation& operation : history) {
    if (operation.kind == kind) operations.push_back(&operation);
  }
  const auto earlier = [](const Operation* a, const Operation* b) { return a->issued < b->issued; };
  if (!std::is_sorted(operations.begin(), operations.end(), earlier)) {
    std::stable_sort(operations.begin(), operations.end(), earlier);
  }
  return operations;
}

bool Succeeded(const Operation& operation, std::chrono::milliseconds patience) {
  return operation.outcome == OperationOutcome::kOk &&
         operation.settled - operation.issued <= patience;
}

// Walks through operations in the order of issue and notes when service went and came back.
class ServiceWatch {
 public:
  explicit ServiceWatch(const DowntimeRules& rules) : rules_(rules) {}

  void Add(const Operation& operation) {
    if (!Succeeded(operation, rules_.patience)) {
      if (!away_) Begin(operation.issued);
      successes_ = 0;
    } else if (away_) {
      first_answer_ =
          successes_ == 0 ? operation.settled : std::min(first_answer_, operation.settled);
      if (++successes_ < rules_.consecutive) return;
      downtimes_.back().ended = first_answer_;
      away_ = false;
      successes_ = 0;
    }
  }

  std::vector<Downtime> Take() { return std::move(downtimes_); }

 private:
  void Begin(Clock::time_point issued) {
    away_ = true;
    // Answers may take long, so what was issued before the last period ended may come after its end
    // in the order of issue: then it had not ended.
    const bool same = !downtimes_.empty() && issued <= *downtimes_.back().ended;
    if (same) {
      downtimes_.back().ended.reset();
    } else {
      downtimes_.push_back({issued, std::nullopt});
    }
  }

  const DowntimeRules rules_;
  std::vector<Downtime> downtimes_;
  bool away_ = false;
  int successes_ = 0;               // in a row, while away
  Clock::time_point first_answer_;  // to one of them
};

// Longest part of [from, until] in which none of `moments` lies.
Clock::duration LongestPart(std::vector<Clock::time_point> moments, Clock::time_point from,
                            Clock::time_point until) {
  std::sort(moments.begin(), moments.end());
  Clock::duration longest{0};
  Clock::time_point last = from;
  for (const Clock::time_point moment : moments) {
    if (moment < from || moment > until) continue;
    longest = std::max(longest, moment - last);
    last = moment;
  }
  return std::max(longest, until - last);
}

}  // namespace

std::vector<Downtime> Downtimes(const History& history, OperationKind kind, Clock::time_point from,
                                Clock::time_point until, const DowntimeRules& rules) {
  if (rules.consecutive < 1 || rules.patience.count() < 0) {
    throw UsageError("no downtime can be told by fewer than one success, or with negative patience",
                     "correct the DowntimeRules");
  }
  // The whole history: a period that began before `from` is seen as such, and one that goes on at
  // `until` ends where it ends.
  ServiceWatch watch(rules);
  for (const Operation* operation : ByIssue(history, kind)) watch.Add(*operation);
  std::vector<Downtime> downtimes = watch.Take();
  std::erase_if(downtimes, [&](const Downtime& downtime) {
    return downtime.began > until || (downtime.ended && *downtime.ended < from);
  });
  return downtimes;
}

Clock::duration Total(const std::vector<Downtime>& downtimes, Clock::time_point until) {
  Clock::duration total{0};
  for (const Downtime& downtime : downtimes) {
    total += std::max(downtime.ended.value_or(until) - downtime.began, Clock::duration::zero());
  }
  return total;
}

Clock::duration LongestGap(const History& history, OperationKind kind, Clock::time_point from,
                           Clock::time_point until) {
  std::vector<Clock::time_point> answers;
  for (const Operation& operation : history) {
    if (operation.kind == kind && operation.outcome == OperationOutcome::kOk) {
      answers.push_back(operation.settled);
    }
  }
  return LongestPart(std::move(answers), from, until);
}

Clock::duration LongestFinishGap(const History& history, Clock::time_point from,
                                 Clock::time_point until) {
  std::vector<Clock::time_point> finishes;
  for (const Operation& operation : history) {
    if (operation.kind == OperationKind::kTask && operation.finished) {
      finishes.push_back(*operation.finished);
    }
  }
  return LongestPart(std::move(finishes), from, until);
}

OperationCounts CountOperations(const History& history, OperationKind kind, Clock::time_point from,
                                Clock::time_point until) {
  OperationCounts counts;
  std::vector<Clock::time_point> issued;
  for (const Operation& operation : history) {
    if (operation.kind != kind || operation.issued < from || operation.issued >= until) continue;
    issued.push_back(operation.issued);
    if (operation.outcome == OperationOutcome::kOk) ++counts.ok;
    if (operation.outcome == OperationOutcome::kFailed) ++counts.failed;
    if (operation.outcome == OperationOutcome::kUnknown) ++counts.unknown;
    if (kind == OperationKind::kTask && operation.finished) ++counts.finished;
  }
  counts.longest_silence = LongestPart(std::move(issued), from, std::max(from, until));
  return counts;
}

}  // namespace proving_ground
