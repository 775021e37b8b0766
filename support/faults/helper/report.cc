#include "support/faults/helper/report.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace proving_ground {

void Report(const nlohmann::json& document) { std::cout << document.dump() << std::endl; }

void Live(Deadline end, const std::function<void()>& report) {
  Clock::time_point next = Clock::now();
  while (!end.Passed()) {
    next += std::chrono::milliseconds(250);
    if (!PauseUntil(std::min(next, end.at()))) return;
    if (report) report();
  }
}

}  // namespace proving_ground
