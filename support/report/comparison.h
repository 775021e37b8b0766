// Two runs side by side.
#pragma once

#include "support/report/run_model.h"

namespace proving_ground {

// What became of each result and figure since `previous`.
Comparison Compare(const RunModel& previous, const RunModel& current);

}  // namespace proving_ground
