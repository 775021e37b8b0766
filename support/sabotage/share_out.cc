#include "support/sabotage/share_out.h"

#include <algorithm>
#include <tuple>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr double kTypicalSeconds = 20;

double SecondsOf(const Sabotage& sabotage, const SabotageRecord& record) {
  const auto found = record.results.find(sabotage.name);
  return found == record.results.end() ? kTypicalSeconds : found->second.seconds;
}

// When a stack's turn for a group comes.
int Turn(const std::string& group, int stack) {
  const bool odd = stack % 2 == 1;
  if (group == "load") return odd ? 2 : 0;
  if (group == "failover") return odd ? 1 : 2;
  return odd ? 0 : 1;
}

}  // namespace

std::map<std::string, int> ShareOut(const std::vector<Sabotage>& catalogue,
                                    const SabotageRecord& record, int stacks) {
  if (stacks < 1) throw UsageError("there is no stack to try sabotages on", "ask for one at least");
  std::vector<const Sabotage*> order;
  for (const Sabotage& sabotage : catalogue) order.push_back(&sabotage);
  std::sort(order.begin(), order.end(), [&](const Sabotage* a, const Sabotage* b) {
    return std::tuple(!a->quick, -SecondsOf(*a, record), a->name) <
           std::tuple(!b->quick, -SecondsOf(*b, record), b->name);
  });
  std::vector<double> busy(static_cast<std::size_t>(stacks));
  std::map<std::string, int> shares;
  for (const Sabotage* sabotage : order) {
    const auto least = std::min_element(busy.begin(), busy.end());
    *least += SecondsOf(*sabotage, record);
    shares[sabotage->name] = static_cast<int>(least - busy.begin()) + 1;
  }
  return shares;
}

std::vector<Sabotage> InOrder(std::vector<Sabotage> catalogue,
                              const std::map<std::string, int>& shares) {
  std::stable_sort(catalogue.begin(), catalogue.end(), [&](const Sabotage& a, const Sabotage& b) {
    return std::tuple(Turn(a.group, shares.at(a.name)), a.services) <
           std::tuple(Turn(b.group, shares.at(b.name)), b.services);
  });
  return catalogue;
}

}  // namespace proving_ground
