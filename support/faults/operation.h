// What clients of the stack did during an exercise, as they saw it.
//
// A history is the list of all operations of an exercise. An operation that was refused is failed;
// one that was sent and not answered in time is unknown, which is neither: it may have been carried
// out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/base/poll.h"

namespace proving_ground {

enum class OperationKind {
  kTask,   // hands a task over; complete once the task has finished
  kWrite,  // stores a unique value in the team's state, through the gateway
};

enum class OperationOutcome {
  kOk,       // the stack acknowledged it
  kFailed,   // refused, or never sent: certainly not carried out
  kUnknown,  // sent, but not acknowledged in time: may or may not have been carried out
};

struct Operation {
  OperationKind kind = OperationKind::kTask;
  std::string id;  // unique: the task's id, the key of the value
  Clock::time_point issued;
  Clock::time_point settled;  // when the answer came, or patience ended
  OperationOutcome outcome = OperationOutcome::kUnknown;
  int status = 0;      // HTTP status; 0: no answer
  std::string reason;  // why it failed or is unknown
  // kTask: when the stack was seen to finish it. Absent: not seen.
  std::optional<Clock::time_point> finished;
  std::string worker;  // kTask: which worker finished it
};

using History = std::vector<Operation>;  // by time of issue

}  // namespace proving_ground
