#include "support/faults/container_faults.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "support/faults/helper_container.h"
#include "support/faults/target.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

// The helper needs milliseconds once it runs.
constexpr auto kCrashTime = 10s;
Fault FaultOf(const char* name, const TargetContainer& target) {
  Fault fault;
  fault.name = name;
  fault.target = Describe(target);
  fault.services = {target.service};
  fault.addresses_may_change = true;
  return fault;
}

// Calls `act` for all at once. Throws what the first one to fail threw, when all are done.
void AtOnce(const std::vector<Witness>& witnesses, const std::function<void(const Witness&)>& act) {
  std::exception_ptr failure;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (const Witness& witness : witnesses) {
      threads.emplace_back([&] {
        try {
          act(witness);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failure) failure = std::current_exception();
        }
      });
    }
  }
  if (failure) std::rethrow_exception(failure);
}

// What all witnesses agree on; nullopt while one has seen nothing.
std::optional<std::string> AllDown(const std::vector<Witness>& witnesses) {
  std::string evidence;
  for (const Witness& witness : witnesses) {
    const std::optional<std::string> seen = witness.Down();
    if (!seen) return std::nullopt;
    evidence += (evidence.empty() ? "" : ", ") + *seen;
  }
  return evidence;
}

void RunCrashHelper(const Engine& engine, const std::string& project, const std::string& id) {
  HelperContainer helper(engine, {.project = project,
                                  .name = UniqueHelperName(project, "crash"),
                                  .command = {"fault-helper", "crash"},
                                  .processes_of = id,
                                  .capability = "SYS_PTRACE"});
  // It says so just before it lets go of the process, and dies with it.
  helper.AwaitLine("the helper to crash the process", Within(kCrashTime),
                   [](std::string_view line) { return line.find("crashed") != line.npos; });
}

}  // namespace

Fault Restart(const FaultContext& context, const TargetContainer& target) {
  const auto witness = std::make_shared<Witness>(context, target);
  Fault fault = FaultOf("restart", target);
  fault.rescue = {StartContainer{target}};
  fault.inject = [witness] { witness->engine().Restart(witness->id(), witness->before().stop_timeout); };
  fault.effect = [witness] { return witness->StartedAnew(); };
  return fault;
}

Fault Crash(const FaultContext& context, const TargetContainer& target) {
  const auto witness = std::make_shared<Witness>(context, target);
  Fault fault = FaultOf("crash", target);
  fault.rescue = {StartContainer{target}};
  fault.inject = [witness, project = context.stack.project()] {
    RunCrashHelper(witness->engine(), project, witness->id());
  };
  fault.effect = [witness] { return witness->Ended(); };
  fault.hopeless = [witness, target]() -> std::optional<std::string> {
    if (witness->before().restart_policy != "no" || !witness->Down()) return std::nullopt;
    return Describe(target) + " has no restart policy, so nothing starts it again";
  };
  return fault;
}

Fault Kill(const FaultContext& context, const TargetContainer& target) {
  return KillSome(context, {target});
}

Fault KillSome(const FaultContext& context, const std::vector<TargetContainer>& targets) {
  if (targets.empty()) throw UsageError("there is nothing to kill", "name one container at least");
  const auto witnesses = std::make_shared<std::vector<Witness>>();
  std::set<std::string> services;
  Fault fault;
  fault.name = "kill";
  fault.addresses_may_change = true;
  for (const TargetContainer& target : targets) {
    witnesses->emplace_back(context, target);
    services.insert(target.service);
    fault.target += (fault.target.empty() ? "" : ", ") + Describe(target);
    fault.undo.emplace_back(StartContainer{target});
  }
  fault.services = {services.begin(), services.end()};
  fault.inject = [witnesses] {
    AtOnce(*witnesses,
           [](const Witness& witness) { witness.engine().Kill(witness.id(), "SIGKILL"); });
  };
  fault.effect = [witnesses] { return AllDown(*witnesses); };
  return fault;
}

Fault Stop(const FaultContext& context, const TargetContainer& target) {
  const auto witness = std::make_shared<Witness>(context, target);
  Fault fault = FaultOf("stop", target);
  fault.undo = {StartContainer{target}};
  fault.inject = [witness] { witness->engine().Stop(witness->id(), witness->before().stop_timeout); };
  fault.effect = [witness] { return witness->Down(); };
  return fault;
}

Fault Freeze(const FaultContext& context, const TargetContainer& target, Canary canary) {
  const auto witness = std::make_shared<Witness>(context, target);
  Fault fault = FaultOf("freeze", target);
  fault.addresses_may_change = false;
  fault.undo = {UnpauseContainer{target}};
  fault.inject = [witness] { witness->engine().Pause(witness->id()); };
  fault.effect = [witness, target, canary = std::move(canary)]() -> std::optional<std::string> {
    if (witness->engine().InspectContainer(witness->id()).state != ContainerState::kPaused) {
      return std::nullopt;
    }
    if (!canary) return "the engine says that " + Describe(target) + " is paused";
    if (canary()) return std::nullopt;
    return "the engine says that " + Describe(target) + " is paused, and it does not answer";
  };
  return fault;
}

}  // namespace proving_ground
