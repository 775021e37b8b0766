// Waiting for what another thread or process does, in unit tests.
#pragma once

#include <chrono>
#include <thread>

namespace platform::testing {

// Whether `condition` comes true within `limit`; looks every 2 ms.
template <typename Condition>
bool Eventually(Condition condition,
                std::chrono::milliseconds limit = std::chrono::milliseconds(10'000)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace platform::testing
