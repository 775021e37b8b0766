#include "support/faults/target.h"

#include "support/compose/start_up.h"

namespace proving_ground {

Container FindTarget(const FaultContext& context, const TargetContainer& target) {
  for (const Container& container : context.stack.Containers(target.service)) {
    if (container.number == target.number) return container;
  }
  throw EnvironmentError(
      "there is no container " + Describe(target) + " in " + context.stack.project(),
      "bring the stack up, or correct the target");
}

Witness::Witness(const FaultContext& context, const TargetContainer& target)
    : engine_(context.stack.EngineOf(FindTarget(context, target))),
      target_(target),
      before_(engine_.InspectContainer(FindTarget(context, target).id)) {
  if (before_.state == ContainerState::kRunning) return;
  throw EnvironmentError(
      Describe(target) + " is " + std::string(StateName(before_.state)) + ", not running",
      "see its log, or wait until it runs");
}

ContainerDetails Witness::Now() const { return engine_.InspectContainer(before_.id); }

// The container tells its exit code only until it runs again; the event tells it for longer.
std::string Witness::ExitCode(const ContainerDetails& now) const {
  std::string code = "unknown";
  engine_.WatchEvents(
      {.labels = {{kServiceLabel, target_.service}},
       .since = before_.started_at,
       .until = std::chrono::system_clock::now()},
      [&](const Event& event) {
        const auto found = event.attributes.find("exitCode");
        if (event.id == before_.id && event.action == "die" && found != event.attributes.end()) {
          code = found->second;
        }
      });
  if (code == "unknown" && now.state == ContainerState::kExited) {
    code = std::to_string(now.exit_code);
  }
  return code;
}

std::string Witness::EndedSentence(const ContainerDetails& now) const {
  std::string sentence = Describe(target_) + " ended with exit code " + ExitCode(now);
  if (now.restart_count != before_.restart_count) {
    sentence += " (restart count " + std::to_string(before_.restart_count) + ", now " +
                std::to_string(now.restart_count) + ")";
  }
  return sentence;
}

std::optional<std::string> Witness::Ended() const {
  const ContainerDetails now = Now();
  if (now.finished_at == before_.finished_at) return std::nullopt;
  return EndedSentence(now);
}

std::optional<std::string> Witness::Down() const {
  const ContainerDetails now = Now();
  if (now.finished_at == before_.finished_at || now.state != ContainerState::kExited) {
    return std::nullopt;
  }
  return EndedSentence(now);
}

std::optional<std::string> Witness::StartedAnew() const {
  const ContainerDetails now = Now();
  if (now.finished_at == before_.finished_at || now.started_at == before_.started_at ||
      now.state != ContainerState::kRunning) {
    return std::nullopt;
  }
  return EndedSentence(now) + " and was started anew";
}

}  // namespace proving_ground
