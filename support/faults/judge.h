// From a failover record to a verdict: pure functions, no stack needed.
//
//   Conclude(record, {Downtime(record, OperationKind::kTask, 30s), WorkersSurvived(record),
//                     NothingLost(record)})
//
// A verdict is inconclusive when the record cannot carry it: a fault without evidence of its
// effect, too few operations before or after, a probe that was late itself. Otherwise it is failed
// when any claim is missed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "support/faults/failover_record.h"
#include "support/report/verdict.h"

namespace proving_ground {

// What one claim came to.
struct Claim {
  std::vector<Measure> measures;
  std::vector<std::string> details;
  std::optional<std::string> unfit;  // why nothing can be said
};

// Clients were without service for at most `limit` in all, from the first fault on, and were served
// again in the end. Beside it stands the probe's noise floor: its longest gap with nothing
// injected.
Claim DowntimeBelow(const FailoverRecord& record, OperationKind kind,
                    std::chrono::milliseconds limit);
// From the moment the trouble was over to service as before: at most `limit`.
Claim RecoveredWithin(const FailoverRecord& record, std::chrono::milliseconds limit);
// The workers of before are those of after, and each finished the task it had at its first attempt.
Claim WorkersSurvived(const FailoverRecord& record);
// Everything acknowledged is there, nothing was made up or done twice, every accepted task
// finished; epochs only grow and every lease had one holder.
Claim NothingLost(const FailoverRecord& record);
// Of the operations issued within `window` from the first fault on at least `ratio` succeeded.
Claim SuccessAtLeast(const FailoverRecord& record, std::chrono::milliseconds window, double ratio);
// While the fault held every operation was answered, though it may have been refused, within
// `limit`.
Claim AnsweredWithin(const FailoverRecord& record, std::chrono::milliseconds limit);
// While the faults held the stack refused tasks and said so.
Claim RefusedDuring(const FailoverRecord& record);
// Service was there in the end.
Claim ServiceBack(const FailoverRecord& record);
// Clients of a team that was not hit felt nothing: share of operations that succeeded, and p99 of
// their answers (p95 of fewer than a thousand) against the time before.
Claim Unmoved(const FailoverRecord& record);
// Each task of a killed worker was given to one other worker, once, and finished there; the others
// stayed where they were.
Claim ReassignedOnce(const FailoverRecord& record);
// At most `limit` teams were without service at the same moment.
Claim DownAtOnce(const std::vector<FailoverRecord>& records, int limit);
// No process but the target's was started anew.
Claim NothingElseRestarted(const FailoverRecord& record);
// `observed` must not exceed `limit`: for what only one case observes.
Claim AtMost(const std::string& name, double observed, double limit, const std::string& unit,
             std::int64_t samples);
Claim AtLeast(const std::string& name, double observed, double limit, const std::string& unit,
              std::int64_t samples);

// None of these may be; the first few are named.
Claim None(const std::string& name, const std::vector<std::string>& offences, std::int64_t samples);

// Why the record cannot carry a verdict; nullopt: it can.
std::optional<std::string> UnfitReason(const FailoverRecord& record);

Verdict Conclude(const FailoverRecord& record, const std::vector<Claim>& claims);

// One verdict out of those of several teams: as bad as the worst, with measures named after the
// teams.
Verdict Combine(const std::vector<Verdict>& verdicts);
// Adds a claim to a verdict, which turns failed when it is missed.
void Add(const Claim& claim, Verdict& verdict);

}  // namespace proving_ground
