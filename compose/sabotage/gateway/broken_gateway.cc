#include "compose/sabotage/gateway/broken_gateway.h"

#include "compose/sabotage/gateway/broken_parts.h"

namespace platform {
namespace {

const BrokenParts& AllParts() {
  static const BrokenParts kAll = [] {
    BrokenParts all;
    for (const auto group : {BrokenPolicies, BrokenTokens, BrokenHandovers, BrokenReadings,
                             BrokenResources, BrokenStores}) {
      all.merge(group());
    }
    return all;
  }();
  return kAll;
}

}  // namespace

std::unique_ptr<GatewayFactory> BrokenGateway(std::string_view name) {
  const auto found = AllParts().find(name);
  return found == AllParts().end() ? nullptr : found->second();
}

std::vector<std::string> BrokenGatewayNames() {
  std::vector<std::string> names;
  for (const auto& part : AllParts()) names.push_back(part.first);
  return names;
}

}  // namespace platform
