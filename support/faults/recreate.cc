// Recreate of container_faults.h.
#include <algorithm>
#include <memory>

#include "support/faults/container_faults.h"
#include "support/faults/helper_container.h"
#include "support/faults/target.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr auto kUpTime = 3min;
// The engine hands out the lowest address that is free: as many helpers as there may be gaps below.
constexpr int kMaxHolders = 8;

// A network on which the engine chooses the container's address; empty when there is none.
std::string NetworkWithFreeAddress(const ContainerDetails& container) {
  for (const auto& [name, attachment] : container.networks) {
    if (attachment.static_address.empty() && !attachment.address.empty()) return name;
  }
  return {};
}

// Compose numbers a new container one above the highest that is left.
int NextNumber(const std::vector<Container>& containers, const TargetContainer& removed) {
  int highest = 0;
  for (const Container& container : containers) {
    if (container.number != removed.number) highest = std::max(highest, container.number);
  }
  return highest + 1;
}

using Holders = std::vector<std::unique_ptr<HelperContainer>>;

// Helpers on `network`, one of which has the address.
Holders HoldAddress(const FaultContext& context, const std::string& network,
                    const std::string& address) {
  const std::string& project = context.stack.project();
  Holders holders;
  while (holders.size() < kMaxHolders) {
    holders.push_back(std::make_unique<HelperContainer>(
        context.engine, HelperOptions{.project = project,
                                      .name = UniqueHelperName(project, "hold-address"),
                                      .command = {"fault-helper", "hold-address"},
                                      .network = network}));
    const ContainerDetails holder = context.engine.InspectContainer(holders.back()->id());
    if (holder.networks.at(network).address == address) return holders;
  }
  return holders;  // then the effect will tell whether the address changed all the same
}

}  // namespace

Fault Recreate(const FaultContext& context, const TargetContainer& target) {
  const auto witness = std::make_shared<Witness>(context, target);
  const auto siblings = context.stack.Containers(target.service);
  const std::string network = NetworkWithFreeAddress(witness->before());
  UpOptions up;
  up.services = {target.service};
  up.scale = {{target.service, static_cast<int>(siblings.size())}};
  up.no_deps = true;

  Fault fault;
  fault.name = "recreate";
  fault.target = Describe(target);
  fault.services = {target.service};
  fault.addresses_may_change = true;
  fault.containers_may_change = true;
  if (network.empty()) {
    fault.unavailable = Describe(target) + " has no address that could change";
  } else if (NextNumber(siblings, target) != target.number) {
    fault.unavailable =
        "Compose would give the new container another number than " + std::to_string(target.number);
  }
  fault.undo = {ComposeUp{up.services, up.scale}};
  fault.inject = [context, witness, network, up] {
    const std::string address = witness->before().networks.at(network).address;
    context.engine.Remove(witness->id(), {.force = true, .anonymous_volumes = true});
    const Holders holders = HoldAddress(context, network, address);
    context.compose.Up(up, Within(kUpTime));
  };
  fault.effect = [context, witness, network, target]() -> std::optional<std::string> {
    const Container now = FindTarget(context, target);
    if (now.id == witness->id() || now.state != ContainerState::kRunning) return std::nullopt;
    const std::string before = witness->before().networks.at(network).address;
    const std::string after = context.engine.InspectContainer(now.id).networks.at(network).address;
    if (after.empty() || after == before) return std::nullopt;
    return Describe(target) + " is another container, at " + after + " instead of " + before +
           " on network " + network;
  };
  return fault;
}

}  // namespace proving_ground
