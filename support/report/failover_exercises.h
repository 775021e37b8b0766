// Recordings of failover exercises ("failover/<criterion>.<team>.json") as series of points.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "support/report/run_model.h"

namespace proving_ground {

// What the document lacks is absent. Throws EnvironmentError for what is no such recording.
FailoverExercise ReadExercise(const nlohmann::json& document);

// The exercise's faults on the clock; none when it is not known when it began.
std::vector<FaultPeriod> FaultsOf(const FailoverExercise& exercise);

}  // namespace proving_ground
