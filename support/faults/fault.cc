#include "support/faults/fault.h"

namespace proving_ground {

Inconclusive::Inconclusive(const std::string& happened, const std::string& remedy)
    : Error(ExitCode::kInconclusive, "inconclusive: " + happened, remedy) {}

}  // namespace proving_ground
