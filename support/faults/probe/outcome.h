// What an answer means for the operation that was asked for.
#pragma once

#include <string>

#include "support/faults/operation.h"
#include "support/faults/probe/requests.h"

namespace proving_ground {

struct Judgement {
  OperationOutcome outcome = OperationOutcome::kUnknown;
  std::string reason;  // empty when ok
};

// Failed is only what certainly was not carried out: never sent, or refused with a status that says
// so, which is 4xx but 408, and 503. Everything else that is no acknowledgement is unknown, 504 and
// 500 for instance: behind them something may have been done.
//
// A task is acknowledged by any 2xx; a write by a JSON-RPC result without `isError` in a 200, plain
// or as an event stream.
Judgement Judge(OperationKind kind, const ProbeAnswer& answer);

}  // namespace proving_ground
