// Was anything lost, made up or done twice? The history says what clients were told, the findings
// what the stack held afterwards.
//
// The set model of Jepsen: lost = acknowledged − found, phantom = found − issued; an unknown
// operation may be either and is settled by reading. One pass over hash tables: linear in the
// length.
//
// Read only after the stack has had time to finish what it took: a task that is still running is
// unfinished.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/faults/operation.h"

namespace proving_ground {

// What was read back for one id after healing.
struct Found {
  std::string id;
  OperationKind kind = OperationKind::kTask;
  std::string
      state;  // kTask: "finished", "failed", "queued", …; kWrite: the value, which is the id
  int finishes = 0;  // kTask: how many events say that it finished
};

// An event of the coordinator, in the order of its log.
struct LeadershipEvent {
  std::string seq;  // place in the log
  std::int64_t epoch = 0;
  std::string type;  // "accepted", "started", "finished", "requeued", …
  std::string task;
  std::string worker;
  int attempt = 0;
};

struct HistoryReport {
  std::int64_t acknowledged = 0;
  std::int64_t unknown = 0;          // of these …
  std::int64_t settled_present = 0;  // … turned out to have been carried out
  std::int64_t settled_absent = 0;
  // Ids, all of them.
  // Acknowledged, or seen to finish, and not there afterwards; a value that is another is not
  // there.
  std::vector<std::string> lost;
  // There, and never issued; or certainly refused, and there or seen to finish; or a wrong value.
  std::vector<std::string> phantom;
  std::vector<std::string> duplicate;   // finished more than once
  std::vector<std::string> unfinished;  // taken, still there, and not finished in the end
  std::vector<std::string> stale;       // events of an older epoch after one of a newer: "seq: …"
  std::vector<std::string> shared;  // a task started again while another worker had it: "task: …"
};

// Checks a history against what was found. `own_prefix`: ids that do not begin with it belong to
// others and are ignored; "run-7-" rather than "run-7", which begins the ids of run 70 too. Throws
// UsageError when two operations have the same id, when one does not begin with `own_prefix`, or
// when something was found twice: then history or findings are themselves worthless.
HistoryReport CheckHistory(const History& history, const std::vector<Found>& found,
                           const std::string& own_prefix);

// Adds what the coordinator's event log shows: epochs that go backwards (an epoch of 0 is one that
// was not told), and a task started by another worker without an event between that ended the first
// attempt (requeued, finished, failed, or its worker expired or left).
void CheckLeadership(const std::vector<LeadershipEvent>& events, HistoryReport& report);

}  // namespace proving_ground
