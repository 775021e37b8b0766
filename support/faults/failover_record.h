// Everything one failover exercise observed, judged after it ended (judge.h).
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/contract/contract.h"
#include "support/faults/downtime.h"
#include "support/faults/history_check.h"
#include "support/faults/operation.h"
#include "support/faults/outage.h"
#include "support/faults/recovery_probe.h"

namespace proving_ground {

// A fault of the exercise, and when what happened.
struct FaultWindow {
  std::string fault;
  std::string target;
  std::string evidence;  // of its effect; empty: none was seen
  OutageTimes times;
  std::vector<std::string>
      differences;  // of the containers from the state before, once it was over
};

// A longer task that a worker had in hand when the fault was injected.
struct TaskInFlight {
  std::string id;
  std::string worker;  // that had it then
  std::string state;   // in the end
  std::string worker_after;
  int attempts = 0;  // in the end
};

struct FailoverRecord {
  std::string criterion;
  std::string team;
  FailoverContract contract;  // thresholds as they were

  Clock::time_point began;    // when the load had become steady
  Clock::time_point ended;    // when the probe had stopped
  bool steady_after = false;  // service came back and stayed
  std::string unsteady_reason;

  std::vector<FaultWindow> faults;  // in the order of injection
  History history;                  // of the probe
  ProbeHealth probe;

  std::set<std::string> workers_before;
  std::set<std::string> workers_after;
  std::set<std::string> killed_workers;  // by the fault
  std::vector<TaskInFlight> in_flight;
  int handed_over = 0;       // shorter tasks, right before the fault …
  bool queue_stood = false;  // … of which the last one still waited when all had been handed over

  bool read_back = false;  // was everything read back after healing
  std::string read_back_reason;
  HistoryReport report;

  // Containers, not targets of a fault, whose process was started anew during the exercise.
  std::vector<std::string> restarted;

  // First injection; `ended` when nothing was injected.
  Clock::time_point Injected() const;
  // When the last fault had been taken back; for a fault that heals by itself, when its effect was
  // seen. `ended` when that never happened.
  Clock::time_point Healed() const;
};

// What clients felt of one fault, from its injection to that of the next one, or to the end.
struct FaultImpact {
  // From the injection to the issue of the first task that did not succeed; absent: all succeeded.
  std::optional<Clock::duration> detection;
  Clock::duration downtime{0};  // without service, in all
  // From the moment it was taken back to service as before, zero where that was there already;
  // absent: it did not return.
  std::optional<Clock::duration> recovery;
  OperationCounts tasks;
};
FaultImpact ImpactOf(const FailoverRecord& record, std::size_t fault);

// How a downtime is told from a late answer, by the record's contract.
DowntimeRules RulesOf(const FailoverRecord& record);

// Times are milliseconds since `began`, which is given in UTC. Beside the record itself it has what
// ImpactOf says of each fault, the times without service from the first one on, and the probe's
// noise floor: its longest gap between answers with nothing injected.
nlohmann::json ToJson(const FailoverRecord& record);

}  // namespace proving_ground
