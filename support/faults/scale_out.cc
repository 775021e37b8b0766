#include "support/faults/scale_out.h"

#include <fmt/format.h>

#include <algorithm>

namespace proving_ground {
namespace {

constexpr auto kComposeTime = std::chrono::seconds(60);

int Running(const FaultContext& context, const std::string& service) {
  const std::vector<Container> containers = context.stack.Containers(service);
  return static_cast<int>(std::count_if(
      containers.begin(), containers.end(),
      [](const Container& container) { return container.state == ContainerState::kRunning; }));
}

}  // namespace

Fault ScaleOut(const FaultContext& context, const std::string& service, int instances) {
  const int before = Running(context, service);
  Fault fault;
  fault.name = "scale out";
  fault.target = fmt::format("{} to {}", service, instances);
  if (before >= instances) {
    fault.unavailable = fmt::format("{} has {} instances already", service, before);
  }
  fault.services = {service};
  fault.undo = {ComposeUp{{service}, {{service, before}}}};
  fault.inject = [&context, service, instances] {
    context.compose.Up({.services = {service}, .scale = {{service, instances}}, .no_deps = true},
                       Within(kComposeTime));
  };
  fault.effect = [&context, service, instances]() -> std::optional<std::string> {
    if (Running(context, service) < instances) return std::nullopt;
    return fmt::format("{} instances of {} run", instances, service);
  };
  return fault;
}

}  // namespace proving_ground
