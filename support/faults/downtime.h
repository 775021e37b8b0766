// How long clients went without service, read from a history.
//
// Everything here goes by the order in which operations were issued, never by the order of their
// answers: an answer that arrives late belongs to the moment its operation was issued. The history
// must hold every operation that was issued up to its end (RecoveryProbe sees to that); what was
// never asked cannot be known, so look at OperationCounts first.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "support/faults/operation.h"

namespace proving_ground {

// A time without service: from the issue of the first operation that did not succeed (refused,
// unanswered, or answered later than the patience of `DowntimeRules`) to the first answer to any of
// the first `consecutive` operations, issued one after the other, that all succeeded.
//
// So a service that flaps is away until it stays, fewer successes than that at the end of a history
// do not end it, and neither does an answer to an operation issued before it began. A stall shorter
// than the patience, after which all are answered, is none; LongestGap shows those.
struct Downtime {
  Clock::time_point began;
  std::optional<Clock::time_point> ended;  // absent: it lasted to the end of the history
};

struct DowntimeRules {
  int consecutive = 20;                     // successes in a row that count as "back"; at least 1
  std::chrono::milliseconds patience{250};  // an answer later than this is none
};

// Operations issued from one moment on and before another, counted by outcome.
struct OperationCounts {
  std::int64_t ok = 0;
  std::int64_t failed = 0;
  std::int64_t unknown = 0;
  std::int64_t finished = 0;  // of kind kTask, and seen to finish
  // Longest part of that time in which none was issued: what happened then, nobody asked.
  Clock::duration longest_silence{0};
  std::int64_t Issued() const { return ok + failed + unknown; }
};

// All periods without service that overlap [from, until], in order, each whole: one may have begun
// before `from`, or ended after `until`. Looks at operations of one kind. Without any there are no
// periods either, which proves nothing. Throws UsageError for rules that make no sense.
std::vector<Downtime> Downtimes(const History& history, OperationKind kind, Clock::time_point from,
                                Clock::time_point until, const DowntimeRules& rules);
// Their sum; one that never ended counts up to `until`.
Clock::duration Total(const std::vector<Downtime>& downtimes, Clock::time_point until);

// Longest part of [from, until] without a successful answer (acknowledgement) to an operation of
// that kind, the parts before the first and after the last included: with no answer at all it is
// the whole. With nothing injected this is the probe's noise floor: what a downtime cannot be told
// apart from.
Clock::duration LongestGap(const History& history, OperationKind kind, Clock::time_point from,
                           Clock::time_point until);
// The same without a finished task.
Clock::duration LongestFinishGap(const History& history, Clock::time_point from,
                                 Clock::time_point until);

OperationCounts CountOperations(const History& history, OperationKind kind, Clock::time_point from,
                                Clock::time_point until);

}  // namespace proving_ground
