#include "support/faults/undoer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "support/base/files.h"
#include "support/faults/baseline.h"
#include "support/faults/fault.h"
#include "support/faults/helper_container.h"
#include "support/faults/in_place.h"
#include "support/faults/redis_access.h"
#include "support/faults/sha256.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

// An engine needs some 3 s to start, and half a minute with many containers.
constexpr auto kEngineTime = 60s;
// Redis reads its data from the disk before it answers.
constexpr auto kRedisTime = 30s;
constexpr auto kComposeTime = 5min;
// A helper ends at once when it is asked to.
constexpr auto kHelperGrace = 2s;

// "@file:…" and "@sha256:…", after at most one of Redis' password signs.
std::string Resolved(const std::string& argument) {
  const bool sign =
      !argument.empty() && std::string_view("<>#!").find(argument[0]) != std::string_view::npos;
  const std::string prefix = argument.substr(0, sign ? 1 : 0);
  const std::string_view rest = std::string_view(argument).substr(prefix.size());
  constexpr std::string_view kFile = "@file:";
  constexpr std::string_view kHash = "@sha256:";
  if (rest.starts_with(kFile)) return prefix + ReadPassword(rest.substr(kFile.size()));
  if (rest.starts_with(kHash)) return prefix + Sha256(ReadPassword(rest.substr(kHash.size())));
  return argument;
}

// One step at a time, chosen by its type.
class Undoer {
 public:
  explicit Undoer(const FaultContext& context) : context_(context) {}

  void operator()(const StartContainer& step) const {
    // Not the state of the engine's list: while a container ends that one lags behind.
    With(step.target, [](const Engine& engine, const Container& container) {
      const ContainerState state = engine.InspectContainer(container.id).state;
      if (state == ContainerState::kExited || state == ContainerState::kCreated ||
          state == ContainerState::kDead) {
        engine.Start(container.id);
      }
    });
  }

  void operator()(const UnpauseContainer& step) const {
    With(step.target, [](const Engine& engine, const Container& container) {
      const ContainerState state = engine.InspectContainer(container.id).state;
      if (state == ContainerState::kPaused) engine.Unpause(container.id);
    });
  }

  void operator()(const ConnectNetwork& step) const {
    With(step.target, [&](const Engine& engine, const Container& container) {
      const auto networks = engine.InspectContainer(container.id).networks;
      NetworkAttachment wanted = step.attachment;
      wanted.aliases = LastingAliases(wanted);
      if (const auto present = networks.find(step.network); present != networks.end()) {
        if (IsAttachedAs(wanted, present->second)) return;
        engine.DisconnectNetwork(step.network, container.id, /*force=*/true);
      }
      engine.ConnectNetwork(step.network, container.id, wanted);
    });
  }

  void operator()(const RemoveHelper& step) const {
    try {
      const ContainerDetails helper = context_.engine.InspectContainer(step.name);
      const auto label = helper.labels.find(std::string(kHelperLabel));
      if (label == helper.labels.end() || label->second != context_.stack.project()) {
        throw EnvironmentError("container " + step.name + " is no helper of " +
                                   context_.stack.project() + " and was left alone",
                               "find out whose it is");
      }
      // It takes back what it changed when it is asked to end; a queue of tc would outlive it.
      context_.engine.Stop(helper.id, kHelperGrace);
      context_.engine.Remove(helper.id, {.force = true});
    } catch (const EngineError& error) {
      if (error.status() != 404 && error.status() != 409) throw;  // gone, or about to be
    }
  }

  void operator()(const RedisCommands& step) const {
    if (IsStackGone()) return;
    RedisClient redis = ConnectAsOperator(context_, Within(kRedisTime));
    for (const std::vector<std::string>& command : step.commands) {
      std::vector<std::string> arguments;
      for (const std::string& argument : command) arguments.push_back(Resolved(argument));
      redis.Command(arguments);
    }
  }

  void operator()(const ComposeUp& step) const {
    UpOptions options;
    options.services = step.services;
    options.scale = step.scale;
    options.no_deps = !step.services.empty();
    context_.compose.Up(options, Within(kComposeTime));
  }

  void operator()(const RestoreFile& step) const {
    if (!std::filesystem::exists(step.backup)) return;
    OverwriteInPlace(step.path, ReadFile(step.backup));
    RemoveForGood(step.backup);
  }

 private:
  // A stack that was taken down altogether has nothing to mend in its containers.
  bool IsStackGone() const { return context_.stack.Containers("").empty(); }

  // Calls `act` with the container and its engine.
  template <typename Act>
  void With(const TargetContainer& target, Act act) const {
    for (const Container& container : context_.stack.Containers(target.service)) {
      if (container.number == target.number) {
        return act(context_.stack.EngineOf(container), container);
      }
    }
    if (IsStackGone()) return;
    throw EnvironmentError(
        "there is no container " + Describe(target) + " in " + context_.stack.project(),
        "bring the stack up again");
  }

  const FaultContext& context_;
};

void UndoOne(const Undoer& undoer, const UndoStep& step) {
  Await("the engine, to " + Describe(step), Within(kEngineTime), [&](std::string& seen) {
    try {
      std::visit(undoer, step);
      return true;
    } catch (const TransportError& error) {
      seen = error.what();
      return false;
    }
  });
}

}  // namespace

void Undo(const FaultContext& context, const std::vector<UndoStep>& steps) {
  const Undoer undoer(context);
  std::string failed;
  for (const UndoStep& step : steps) {
    try {
      UndoOne(undoer, step);
    } catch (const Error& error) {
      failed += (failed.empty() ? "" : "; ") + Describe(step) + ": " + error.what();
    }
  }
  if (failed.empty()) return;
  throw EnvironmentError(
      "a fault could not be taken back: " + failed,
      "mend that and run again, which takes back what the journal still holds, or "
      "take the stack down and bring it up again");
}

}  // namespace proving_ground
