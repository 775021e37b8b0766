#include "compose/services/common/address_order.h"

#include <algorithm>

namespace platform {

void AddressOrder::Failed(const Endpoint& endpoint) {
  failures_[endpoint] = std::chrono::steady_clock::now();
}

void AddressOrder::Sort(std::vector<Endpoint>& endpoints) {
  decltype(failures_) present;
  for (const Endpoint& endpoint : endpoints) present[endpoint] = failures_[endpoint];
  failures_ = std::move(present);
  std::stable_sort(endpoints.begin(), endpoints.end(), [this](const auto& a, const auto& b) {
    return failures_.at(a) < failures_.at(b);
  });
}

}  // namespace platform
