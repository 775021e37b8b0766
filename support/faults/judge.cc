#include "support/faults/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/faults/downtime.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostDetails = 5;  // of one kind

double Milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::vector<Downtime> DowntimesOf(const FailoverRecord& record, OperationKind kind) {
  return Downtimes(record.history, kind, record.Injected(), record.ended, RulesOf(record));
}

// One offence a line, the first few.
void Describe(const std::string& what, const std::vector<std::string>& ids, Claim& claim) {
  for (std::size_t i = 0; i < std::min(ids.size(), kMostDetails); ++i) {
    claim.details.push_back(what + ": " + ids[i]);
  }
}

void None(const std::string& name, const std::vector<std::string>& ids, std::int64_t samples,
          Claim& claim) {
  claim.measures.push_back({name, static_cast<double>(ids.size()), "<=", 0, "count", samples});
  Describe(name, ids, claim);
}

// What is wrong with a task that was in a worker's hands; empty: nothing.
std::string Shortcoming(const TaskInFlight& task) {
  if (task.state != "finished") return fmt::format("{} is {}", task.id, task.state);
  if (task.worker_after != task.worker) {
    return fmt::format("{} was finished by {}, not by {}", task.id, task.worker_after, task.worker);
  }
  if (task.attempts != 1) return fmt::format("{} took {} attempts", task.id, task.attempts);
  return {};
}

// How long answered tasks waited, in milliseconds.
std::vector<double> Answers(const FailoverRecord& record, Clock::time_point from,
                            Clock::time_point until) {
  std::vector<double> waits;
  for (const Operation& operation : record.history) {
    if (operation.kind != OperationKind::kTask || operation.outcome != OperationOutcome::kOk)
      continue;
    if (operation.issued < from || operation.issued >= until) continue;
    waits.push_back(Milliseconds(operation.settled - operation.issued));
  }
  std::sort(waits.begin(), waits.end());
  return waits;
}

double Percentile(int percent, const std::vector<double>& sorted) {
  return sorted.empty() ? 0 : sorted[(sorted.size() * percent - 1) / 100];
}

// The highest percentile that so many answers support: with fewer than a thousand, a handful of
// late ones, which a busy machine has at any time, would be the 99th.
int SupportedPercentile(std::size_t answers) { return answers >= 1000 ? 99 : 95; }

std::string Story(const FailoverRecord& record) {
  std::string story;
  for (const FaultWindow& fault : record.faults) {
    story += fmt::format("{} of {} ({}); ", fault.fault, fault.target, fault.evidence);
  }
  if (record.handed_over > 0) {
    story += record.queue_stood ? "tasks waited in the queue; " : "the queue was empty; ";
  }
  const OperationCounts counts =
      CountOperations(record.history, OperationKind::kTask, record.Injected(), record.ended);
  const auto downtimes = DowntimesOf(record, OperationKind::kTask);
  if (!downtimes.empty()) {
    story += fmt::format("felt after {:.0f} ms, ",
                         std::max(0.0, Milliseconds(downtimes.front().began - record.Injected())));
  }
  return story + fmt::format("from then on {} tasks ok, {} refused, {} unknown", counts.ok,
                             counts.failed, counts.unknown);
}

}  // namespace

Claim DowntimeBelow(const FailoverRecord& record, OperationKind kind, milliseconds limit) {
  Claim claim;
  const auto downtimes = DowntimesOf(record, kind);
  const OperationCounts counts =
      CountOperations(record.history, kind, record.Injected(), record.ended);
  const std::string what = kind == OperationKind::kTask ? "downtime" : "downtime of writes";
  claim.measures.push_back({what, Milliseconds(Total(downtimes, record.ended)),
                            "<=", Milliseconds(limit), "ms", counts.Issued()});
  claim.measures.push_back(
      {"noise floor",
       Milliseconds(LongestGap(record.history, kind, record.began, record.Injected())),
       "<=", Milliseconds(limit), "ms",
       CountOperations(record.history, kind, record.began, record.Injected()).ok});
  claim.measures.push_back(
      {"service back", record.steady_after ? 1.0 : 0.0, ">=", 1, "yes", counts.ok});
  if (!record.steady_after) claim.details.push_back(record.unsteady_reason);
  return claim;
}

Claim RecoveredWithin(const FailoverRecord& record, milliseconds limit) {
  Claim claim;
  const Clock::time_point healed = record.Healed();
  Clock::time_point back = healed;
  for (const Downtime& downtime : DowntimesOf(record, OperationKind::kTask)) {
    back = std::max(back, downtime.ended.value_or(record.ended));
  }
  const OperationCounts after =
      CountOperations(record.history, OperationKind::kTask, healed, record.ended);
  claim.measures.push_back(
      {"recovery", Milliseconds(back - healed), "<=", Milliseconds(limit), "ms", after.Issued()});
  claim.measures.push_back(
      {"service back", record.steady_after ? 1.0 : 0.0, ">=", 1, "yes", after.ok});
  if (!record.steady_after) claim.details.push_back(record.unsteady_reason);
  return claim;
}

Claim WorkersSurvived(const FailoverRecord& record) {
  Claim claim;
  if (record.workers_before.empty()) {
    claim.unfit = "no worker was active before the fault";
    return claim;
  }
  if (record.in_flight.empty()) {
    claim.unfit = "no worker had a task in hand when the fault was injected";
    return claim;
  }
  std::vector<std::string> missing;
  std::set_difference(record.workers_before.begin(), record.workers_before.end(),
                      record.workers_after.begin(), record.workers_after.end(),
                      std::back_inserter(missing));
  None("workers missing", missing, static_cast<std::int64_t>(record.workers_before.size()), claim);
  std::vector<std::string> broken;
  for (const TaskInFlight& task : record.in_flight) {
    if (const std::string wrong = Shortcoming(task); !wrong.empty()) broken.push_back(wrong);
  }
  None("tasks in hand not finished", broken, static_cast<std::int64_t>(record.in_flight.size()),
       claim);
  return claim;
}

Claim NothingLost(const FailoverRecord& record) {
  Claim claim;
  if (!record.read_back) {
    claim.unfit = "what was stored could not be read back: " + record.read_back_reason;
    return claim;
  }
  const HistoryReport& report = record.report;
  const std::int64_t samples = report.acknowledged + report.unknown;
  None("lost", report.lost, samples, claim);
  None("phantom", report.phantom, samples, claim);
  None("done twice", report.duplicate, samples, claim);
  None("unfinished", report.unfinished, samples, claim);
  None("written by a stale leader", report.stale, samples, claim);
  None("leases held by two", report.shared, samples, claim);
  return claim;
}

Claim SuccessAtLeast(const FailoverRecord& record, milliseconds window, double ratio) {
  Claim claim;
  const OperationCounts counts = CountOperations(record.history, OperationKind::kTask,
                                                 record.Injected(), record.Injected() + window);
  const std::int64_t issued = counts.Issued();
  claim.measures.push_back({"operations ok",
                            issued == 0 ? 0.0 : static_cast<double>(counts.ok) / issued,
                            ">=", ratio, "ratio", issued});
  return claim;
}

Claim AnsweredWithin(const FailoverRecord& record, milliseconds limit) {
  Claim claim;
  Clock::duration longest{};
  std::int64_t operations = 0;
  std::vector<std::string> unanswered;
  for (const Operation& operation : record.history) {
    if (operation.issued < record.Injected() || operation.issued > record.Healed()) continue;
    ++operations;
    longest = std::max(longest, operation.settled - operation.issued);
    if (operation.status == 0) unanswered.push_back(operation.id + " " + operation.reason);
  }
  claim.measures.push_back(
      {"longest wait", Milliseconds(longest), "<=", Milliseconds(limit), "ms", operations});
  None("left without an answer", unanswered, operations, claim);
  return claim;
}

Claim RefusedDuring(const FailoverRecord& record) {
  std::int64_t refused = 0;
  std::int64_t issued = 0;
  for (const Operation& operation : record.history) {
    if (operation.kind != OperationKind::kTask || operation.issued < record.Injected() ||
        operation.issued > record.Healed()) {
      continue;
    }
    ++issued;
    if (operation.outcome == OperationOutcome::kFailed) ++refused;
  }
  return AtLeast("refused", static_cast<double>(refused), 1, "tasks", issued);
}

Claim ServiceBack(const FailoverRecord& record) {
  Claim claim = AtLeast(
      "service back", record.steady_after ? 1 : 0, 1, "yes",
      CountOperations(record.history, OperationKind::kTask, record.Healed(), record.ended).ok);
  if (!record.steady_after) claim.details.push_back(record.unsteady_reason);
  return claim;
}

Claim Unmoved(const FailoverRecord& record) {
  Claim claim = SuccessAtLeast(
      record, std::chrono::duration_cast<milliseconds>(record.ended - record.Injected()),
      record.contract.min_neighbour_success);
  const auto before = Answers(record, record.began, record.Injected());
  const auto since = Answers(record, record.Injected(), record.ended);
  const int percent = SupportedPercentile(since.size());
  const double limit =
      std::max(Percentile(percent, before) * record.contract.max_neighbour_p99_ratio,
               Milliseconds(record.contract.neighbour_p99_floor));
  claim.measures.push_back({fmt::format("p{} answer", percent), Percentile(percent, since),
                            "<=", limit, "ms", static_cast<std::int64_t>(since.size())});
  return claim;
}

Claim ReassignedOnce(const FailoverRecord& record) {
  Claim claim;
  std::vector<std::string> wrong;
  std::int64_t orphans = 0;
  for (const TaskInFlight& task : record.in_flight) {
    if (record.killed_workers.count(task.worker) == 0) {
      if (const std::string text = Shortcoming(task); !text.empty()) wrong.push_back(text);
      continue;
    }
    ++orphans;
    if (task.state != "finished" || task.attempts != 2 || task.worker_after == task.worker) {
      wrong.push_back(fmt::format("{} of dead {} is {} after {} attempts, held by {}", task.id,
                                  task.worker, task.state, task.attempts, task.worker_after));
    }
  }
  if (orphans == 0) claim.unfit = "no worker that died had a task in hand";
  None("tasks not reassigned once", wrong, static_cast<std::int64_t>(record.in_flight.size()),
       claim);
  return claim;
}

Claim DownAtOnce(const std::vector<FailoverRecord>& records, int limit) {
  // Ends before starts at the same moment: one that comes back as the next goes down is no overlap.
  // An answer that is merely late, on a machine that restarts containers, is not "down" here.
  std::vector<std::pair<Clock::time_point, int>> changes;
  for (const FailoverRecord& record : records) {
    DowntimeRules rules;
    rules.patience = record.contract.probe_patience;
    for (const Downtime& downtime :
         Downtimes(record.history, OperationKind::kTask, record.Injected(), record.ended, rules)) {
      changes.emplace_back(downtime.began, +1);
      changes.emplace_back(downtime.ended.value_or(record.ended), -1);
    }
  }
  std::sort(changes.begin(), changes.end());
  int down = 0;
  int most = 0;
  for (const auto& [moment, change] : changes) most = std::max(most, down += change);
  return AtMost("teams down at once", most, limit, "teams",
                static_cast<std::int64_t>(changes.size() / 2));
}

Claim NothingElseRestarted(const FailoverRecord& record) {
  Claim claim;
  None("other processes restarted", record.restarted, 1, claim);
  return claim;
}

Claim AtMost(const std::string& name, double observed, double limit, const std::string& unit,
             std::int64_t samples) {
  return {{{name, observed, "<=", limit, unit, samples}}, {}, std::nullopt};
}

Claim AtLeast(const std::string& name, double observed, double limit, const std::string& unit,
              std::int64_t samples) {
  return {{{name, observed, ">=", limit, unit, samples}}, {}, std::nullopt};
}

Claim None(const std::string& name, const std::vector<std::string>& offences,
           std::int64_t samples) {
  Claim claim;
  None(name, offences, samples, claim);
  return claim;
}

std::optional<std::string> UnfitReason(const FailoverRecord& record) {
  if (record.faults.empty()) return "nothing was injected";
  for (const FaultWindow& fault : record.faults) {
    if (fault.evidence.empty()) {
      return fmt::format("no effect of {} of {} was seen", fault.fault, fault.target);
    }
  }
  const auto least = record.contract.min_operations;
  const OperationCounts before =
      CountOperations(record.history, OperationKind::kTask, record.began, record.Injected());
  if (before.ok < least) {
    return fmt::format("{} operations succeeded before the fault, fewer than {}", before.ok, least);
  }
  const OperationCounts during =
      CountOperations(record.history, OperationKind::kTask, record.Injected(), record.ended);
  if (during.Issued() < least) {
    return fmt::format("{} operations were issued from the fault on, fewer than {}",
                       during.Issued(), least);
  }
  if (record.steady_after) {
    const OperationCounts after =
        CountOperations(record.history, OperationKind::kTask, record.Healed(), record.ended);
    if (after.ok < least) {
      return fmt::format("{} operations succeeded after it, fewer than {}", after.ok, least);
    }
  }
  // On a busy machine it is late by tenths of a second now and then; what it saw is still right.
  if (record.probe.worst_lag > record.contract.probe_patience) {
    return fmt::format("the probe itself was up to {} late", DurationText(record.probe.worst_lag));
  }
  // What it left out it cannot have seen fail; never more than one patience at a stretch, as it was
  // no later than that.
  if (record.probe.left_out * 5 > static_cast<std::int64_t>(record.history.size())) {
    return fmt::format("the probe left out {} operations of its schedule", record.probe.left_out);
  }
  return std::nullopt;
}

Verdict Conclude(const FailoverRecord& record, const std::vector<Claim>& claims) {
  Verdict verdict;
  verdict.criterion = record.criterion;
  verdict.team = record.team;
  verdict.summary = Story(record);
  verdict.outcome = Outcome::kPassed;
  for (const Claim& claim : claims) Add(claim, verdict);
  for (const FaultWindow& fault : record.faults) {
    for (const std::string& difference : fault.differences) {
      verdict.outcome = Outcome::kFailed;
      verdict.details.push_back("after " + fault.fault + ": " + difference);
    }
  }
  if (const auto reason = UnfitReason(record)) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = *reason + "; " + verdict.summary;
  }
  return verdict;
}

Verdict Combine(const std::vector<Verdict>& verdicts) {
  Verdict combined;
  combined.outcome = Outcome::kPassed;
  for (const Verdict& verdict : verdicts) {
    combined.criterion = verdict.criterion;
    for (Measure measure : verdict.measures) {
      measure.name = verdict.team + " " + measure.name;
      combined.measures.push_back(measure);
    }
    for (const std::string& detail : verdict.details) {
      combined.details.push_back(verdict.team + ": " + detail);
    }
    if (verdict.outcome == Outcome::kFailed ||
        (verdict.outcome == Outcome::kInconclusive && combined.outcome == Outcome::kPassed)) {
      combined.outcome = verdict.outcome;
    }
    combined.summary +=
        (combined.summary.empty() ? "" : "; ") + verdict.team + ": " + verdict.summary;
  }
  if (verdicts.empty()) {
    combined.outcome = Outcome::kInconclusive;
    combined.summary = "no team was judged";
  }
  return combined;
}

void Add(const Claim& claim, Verdict& verdict) {
  for (const Measure& measure : claim.measures) {
    verdict.measures.push_back(measure);
    if (!measure.Holds()) verdict.outcome = Outcome::kFailed;
  }
  verdict.details.insert(verdict.details.end(), claim.details.begin(), claim.details.end());
  if (claim.unfit && verdict.outcome == Outcome::kPassed) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = *claim.unfit + "; " + verdict.summary;
  }
}

}  // namespace proving_ground
