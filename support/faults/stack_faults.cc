#include "support/faults/stack_faults.h"

#include <map>
#include <memory>
#include <set>

#include "support/faults/target.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr auto kDownTime = 3min;

std::map<std::string, int> ScaleOf(const Stack& stack) {
  std::map<std::string, int> scale;
  for (const Container& container : stack.Containers("")) ++scale[container.service];
  return scale;
}

std::vector<std::string> NamesIn(const std::map<std::string, int>& scale) {
  std::vector<std::string> names;
  for (const auto& [service, number] : scale) names.push_back(service);
  return names;
}

struct Rolled {
  TargetContainer target;
  Witness witness;
};

void Roll(const std::vector<Rolled>& targets, const ReadyGate& gate,
          std::chrono::seconds patience) {
  for (const Rolled& rolled : targets) {
    rolled.witness.engine().Restart(rolled.witness.id(), rolled.witness.before().stop_timeout);
    if (&rolled == &targets.back()) return;
    const Clock::time_point since = Clock::now();
    Await(Describe(rolled.target) + " to be ready", Within(patience),
          [&](std::string& seen) { return gate(rolled.target, since, seen); });
  }
}

}  // namespace

Fault StackDownUp(const FaultContext& context, std::chrono::seconds grace) {
  const std::map<std::string, int> scale = ScaleOf(context.stack);
  Fault fault;
  fault.name = "down and up";
  fault.target = context.stack.project();
  fault.services = NamesIn(scale);
  fault.addresses_may_change = true;
  fault.containers_may_change = true;
  fault.undo = {ComposeUp{{}, scale}};
  fault.inject = [context, grace] {
    const Residue left = context.stack.Down({.volumes = false, .grace = grace}, Within(kDownTime));
    // Networks that the engine cannot remove do not keep the stack from being down, or coming up.
    if (!left.containers.empty()) {
      throw EnvironmentError("the stack did not go down: " + ResidueText(left),
                             "see what the engine says");
    }
  };
  fault.effect = [context]() -> std::optional<std::string> {
    if (!context.stack.Containers("").empty()) return std::nullopt;
    return "the stack has no containers";
  };
  return fault;
}

Fault RollingRestart(const FaultContext& context, const std::vector<TargetContainer>& targets,
                     const ReadyGate& gate, std::chrono::seconds patience) {
  if (targets.empty()) throw UsageError("there is nothing to restart", "name two containers");
  const auto rolled = std::make_shared<std::vector<Rolled>>();
  std::set<std::string> services;
  Fault fault;
  fault.name = "rolling restart";
  fault.addresses_may_change = true;
  for (const TargetContainer& target : targets) {
    rolled->push_back({target, Witness(context, target)});
    services.insert(target.service);
    fault.target += (fault.target.empty() ? "" : ", ") + Describe(target);
    fault.rescue.emplace_back(StartContainer{target});
  }
  fault.services = {services.begin(), services.end()};
  fault.inject = [rolled, gate, patience] { Roll(*rolled, gate, patience); };
  fault.effect = [rolled]() -> std::optional<std::string> {
    std::string evidence;
    for (const Rolled& one : *rolled) {
      const std::optional<std::string> seen = one.witness.StartedAnew();
      if (!seen) return std::nullopt;
      evidence += (evidence.empty() ? "" : ", ") + *seen;
    }
    return evidence;
  };
  return fault;
}

}  // namespace proving_ground
