// The figures of a run in the text format of Prometheus, for the textfile collector of a node
// exporter: no time stamps, base units, and names without anything that changes from run to run.
#pragma once

#include <string>

#include "support/report/run_model.h"

namespace proving_ground {

std::string MetricsText(const RunModel& model);

}  // namespace proving_ground
