#include "compose/services/common/backoff.h"

#include <algorithm>

namespace platform {

Backoff::Backoff(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum,
                 std::uint32_t seed)
    : minimum_(minimum), maximum_(maximum), ceiling_(minimum), random_(seed) {}

std::chrono::milliseconds Backoff::Next() {
  std::uniform_int_distribution<std::chrono::milliseconds::rep> wait(ceiling_.count() / 2,
                                                                     ceiling_.count());
  const std::chrono::milliseconds result(wait(random_));
  ceiling_ = std::min(ceiling_ * 2, maximum_);
  return result;
}

}  // namespace platform
