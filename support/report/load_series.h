// The recording of a load run as time series.
#pragma once

#include "support/load/recording.h"
#include "support/report/run_model.h"

namespace proving_ground {

LoadSeries MakeLoadSeries(const LoadRecording& recording);

}  // namespace proving_ground
