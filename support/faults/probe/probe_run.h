// One run of the probe: issues operations, follows events, and writes what it saw.
#pragma once

#include <optional>

#include "support/faults/probe/event_reader.h"
#include "support/faults/probe/line_writer.h"
#include "support/faults/probe/operation_issuer.h"
#include "support/faults/probe/probe_config.h"
#include "support/faults/probe/schedule.h"
#include "support/faults/probe/task_book.h"

namespace proving_ground {

class ProbeRun {
 public:
  // Lines (probe_lines.h) go to the descriptor `output`.
  ProbeRun(ProbeConfig config, const MakeLookup& make_lookup, int output);

  // Runs until `stop` (a descriptor that becomes readable, and stays so) asks it to end or its life
  // is over. Then it issues nothing more, and waits until every operation is settled and every task
  // the stack took has ended, the latter no longer than `drain`.
  void Execute(int stop);

 private:
  void IssueWhatIsDue(Clock::time_point now);
  // Operations begin once the reader knows where the event log ended and the gateway has an
  // address, or after one patience.
  void BeginIssuing(Clock::time_point now);
  bool IsOver(Clock::time_point now) const;
  // In time for the last operations to be settled before the end of its life.
  Clock::time_point LastIssue() const;
  Clock::time_point NextWake(Clock::time_point now) const;
  void OnSettled(const ProbeSettled& operation);
  void OnEvent(const TaskEvent& event);
  ProbeEnded Summary() const;

  const ProbeConfig config_;
  const Clock::time_point started_ = Clock::now();
  LineWriter writer_;
  Requests requests_;
  Target coordinator_;
  std::optional<Target> gateway_;
  OperationIssuer tasks_;
  std::optional<OperationIssuer> writes_;
  EventReader reader_;
  TaskBook book_;
  LagRecorder lag_;
  std::optional<Schedule> task_schedule_;
  std::optional<Schedule> write_schedule_;
  std::optional<Clock::time_point> stopped_;  // issuing
};

}  // namespace proving_ground
