#include "support/faults/failover_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/utc.h"
#include "support/faults/downtime.h"

namespace proving_ground {
namespace {

using nlohmann::json;

double MillisecondsSince(Clock::time_point start, Clock::time_point moment) {
  return std::chrono::duration<double, std::milli>(moment - start).count();
}

json Moment(Clock::time_point start, const std::optional<Clock::time_point>& moment) {
  return moment ? json(MillisecondsSince(start, *moment)) : json();
}

json Milliseconds(const std::optional<Clock::duration>& duration) {
  if (!duration) return json();
  return std::chrono::duration<double, std::milli>(*duration).count();
}

// When the stack was left to itself: the fault was taken back, or had taken effect and is gone.
std::optional<Clock::time_point> OverAt(const FaultWindow& fault) {
  return fault.times.healed ? fault.times.healed : fault.times.effect;
}

void AddImpact(const FaultImpact& impact, json& window) {
  window["detection_ms"] = Milliseconds(impact.detection);
  window["downtime_ms"] = Milliseconds(impact.downtime);
  window["recovery_ms"] = Milliseconds(impact.recovery);
  window["ok"] = impact.tasks.ok;
  window["failed"] = impact.tasks.failed;
  window["unknown"] = impact.tasks.unknown;
}

json ToJson(const FaultWindow& fault, Clock::time_point start) {
  json window = json::object();
  window["fault"] = fault.fault;
  window["target"] = fault.target;
  window["evidence"] = fault.evidence;
  window["injected_ms"] = Moment(start, fault.times.injected);
  window["effect_ms"] = Moment(start, fault.times.effect);
  window["healed_ms"] = Moment(start, fault.times.healed);
  window["recovered_ms"] = Moment(start, fault.times.recovered);
  window["differences"] = fault.differences;
  return window;
}

const char* Name(OperationOutcome outcome) {
  switch (outcome) {
    case OperationOutcome::kOk:
      return "ok";
    case OperationOutcome::kFailed:
      return "failed";
    case OperationOutcome::kUnknown:
      return "unknown";
  }
  return "?";
}

json ToJson(const Operation& operation, Clock::time_point start) {
  json line = json::array();
  line.push_back(operation.kind == OperationKind::kTask ? "task" : "write");
  line.push_back(operation.id);
  line.push_back(MillisecondsSince(start, operation.issued));
  line.push_back(MillisecondsSince(start, operation.settled));
  line.push_back(Name(operation.outcome));
  line.push_back(operation.status);
  line.push_back(Moment(start, operation.finished));
  line.push_back(operation.worker);
  line.push_back(operation.reason);
  return line;
}

json ToJson(const HistoryReport& report) {
  json document = json::object();
  document["acknowledged"] = report.acknowledged;
  document["unknown"] = report.unknown;
  document["settled_present"] = report.settled_present;
  document["settled_absent"] = report.settled_absent;
  document["lost"] = report.lost;
  document["phantom"] = report.phantom;
  document["duplicate"] = report.duplicate;
  document["unfinished"] = report.unfinished;
  document["stale"] = report.stale;
  document["shared"] = report.shared;
  return document;
}

json ToJson(const std::vector<Downtime>& downtimes, Clock::time_point start) {
  json gaps = json::array();
  for (const Downtime& downtime : downtimes) {
    json gap = json::object();
    gap["from_ms"] = MillisecondsSince(start, downtime.began);
    gap["to_ms"] = Moment(start, downtime.ended);
    gaps.push_back(gap);
  }
  return gaps;
}

// What clients went without, by the rules of the judge: for those who draw it.
void AddDowntimes(const FailoverRecord& record, json& document) {
  const auto downtimes = [&](OperationKind kind) {
    return Downtimes(record.history, kind, record.Injected(), record.ended, RulesOf(record));
  };
  const auto tasks = downtimes(OperationKind::kTask);
  document["gaps"] = ToJson(tasks, record.began);
  document["write_gaps"] = ToJson(downtimes(OperationKind::kWrite), record.began);
  document["downtime_ms"] = Milliseconds(Total(tasks, record.ended));
  document["noise_floor_ms"] = Milliseconds(
      LongestGap(record.history, OperationKind::kTask, record.began, record.Injected()));
}

// The clock of the record has no date; this one's difference to now has.
std::string Dated(Clock::time_point moment) {
  using std::chrono::system_clock;
  return UtcText(system_clock::now() +
                 std::chrono::duration_cast<system_clock::duration>(moment - Clock::now()));
}

}  // namespace

Clock::time_point FailoverRecord::Injected() const {
  Clock::time_point first = ended;
  for (const FaultWindow& fault : faults) {
    if (fault.times.injected) first = std::min(first, *fault.times.injected);
  }
  return first;
}

Clock::time_point FailoverRecord::Healed() const {
  if (faults.empty()) return ended;
  Clock::time_point last = began;
  for (const FaultWindow& fault : faults) {
    if (fault.times.healed) {
      last = std::max(last, *fault.times.healed);
    } else if (fault.times.effect) {
      last = std::max(last, *fault.times.effect);
    } else {
      return ended;
    }
  }
  return last;
}

DowntimeRules RulesOf(const FailoverRecord& record) {
  DowntimeRules rules;
  rules.patience = record.contract.late_after;
  return rules;
}

FaultImpact ImpactOf(const FailoverRecord& record, std::size_t fault) {
  FaultImpact impact;
  const FaultWindow& window = record.faults.at(fault);
  if (!window.times.injected) return impact;
  const Clock::time_point from = *window.times.injected;
  Clock::time_point until = record.ended;
  for (const FaultWindow& other : record.faults) {
    if (other.times.injected && *other.times.injected > from) {
      until = std::min(until, *other.times.injected);
    }
  }
  const auto downtimes =
      Downtimes(record.history, OperationKind::kTask, from, until, RulesOf(record));
  impact.downtime = Total(downtimes, until);
  impact.tasks = CountOperations(record.history, OperationKind::kTask, from, until);
  if (!downtimes.empty()) {
    impact.detection = std::max(Clock::duration(0), downtimes.front().began - from);
  }
  const auto over = OverAt(window);
  if (!over || (!downtimes.empty() && !downtimes.back().ended)) return impact;
  const Clock::time_point back = downtimes.empty() ? *over : *downtimes.back().ended;
  impact.recovery = std::max(Clock::duration(0), back - *over);
  return impact;
}

json ToJson(const FailoverRecord& record) {
  json document = json::object();
  document["version"] = 1;
  document["criterion"] = record.criterion;
  document["team"] = record.team;
  document["began"] = Dated(record.began);
  document["ended_ms"] = MillisecondsSince(record.began, record.ended);
  document["steady_after"] = record.steady_after;
  document["unsteady_reason"] = record.unsteady_reason;
  document["faults"] = json::array();
  for (std::size_t i = 0; i < record.faults.size(); ++i) {
    json window = ToJson(record.faults[i], record.began);
    AddImpact(ImpactOf(record, i), window);
    document["faults"].push_back(std::move(window));
  }
  AddDowntimes(record, document);
  document["columns"] = {"kind",   "id",          "issued_ms", "settled_ms", "outcome",
                         "status", "finished_ms", "worker",    "reason"};
  document["history"] = json::array();
  for (const Operation& operation : record.history) {
    document["history"].push_back(ToJson(operation, record.began));
  }
  document["probe_worst_lag_us"] = record.probe.worst_lag.count();
  document["probe_left_out"] = record.probe.left_out;
  document["workers_before"] = record.workers_before;
  document["workers_after"] = record.workers_after;
  document["killed_workers"] = record.killed_workers;
  document["in_flight"] = json::array();
  for (const TaskInFlight& task : record.in_flight) {
    document["in_flight"].push_back(
        {task.id, task.worker, task.state, task.worker_after, task.attempts});
  }
  document["read_back"] = record.read_back;
  document["read_back_reason"] = record.read_back_reason;
  document["report"] = ToJson(record.report);
  document["restarted"] = record.restarted;
  return document;
}

}  // namespace proving_ground
