// A random sequence of faults, fixed by its seed: the same seed gives the same sequence.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace proving_ground {

struct ChaosStep {
  std::size_t fault = 0;               // which one, of as many as there are
  std::chrono::milliseconds hold{0};   // how long it lasts
  std::chrono::milliseconds pause{0};  // undisturbed time after its recovery
};

// Steps whose holds and pauses together last for `duration`, at least one for each fault in turn
// before any comes again. Throws UsageError when there is no fault.
std::vector<ChaosStep> ChaosSchedule(std::uint64_t seed, std::size_t faults,
                                     std::chrono::milliseconds duration);

}  // namespace proving_ground
