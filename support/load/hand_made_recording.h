// For tests: a recording of a run in which everything went well, to be broken in one place.
#pragma once

#include "support/load/recording.h"

namespace proving_ground {

// Two teams, two workers each, 20 s of load at one task a second and team.
LoadRecording HandMadeRecording();

}  // namespace proving_ground
