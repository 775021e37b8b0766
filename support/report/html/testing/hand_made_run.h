// A run with something of everything, for tests of the page: good, missed and unproven criteria,
// faults, matrices, findings, logs, and names that try to be markup.
#pragma once

#include "support/report/run_model.h"

namespace proving_ground::html {

// What every hostile text of the run holds.
inline constexpr const char* kHostile =
    "<img src=\"http://127.0.0.1:9/x\" onerror=alert(1)>\"'</script><!--&";

RunModel HandMadeRun();

}  // namespace proving_ground::html
