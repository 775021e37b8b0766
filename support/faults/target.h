// The container that a fault is about.
#pragma once

#include <optional>
#include <string>

#include "support/faults/fault.h"

namespace proving_ground {

// The container, as it is now. Throws EnvironmentError when there is none.
Container FindTarget(const FaultContext& context, const TargetContainer& target);

// What the engine has seen of a container since a fault was made for it.
class Witness {
 public:
  // Looks at the container as it is now. Throws EnvironmentError when there is none, or it does not
  // run.
  Witness(const FaultContext& context, const TargetContainer& target);

  const Engine& engine() const { return engine_; }
  const ContainerDetails& before() const { return before_; }
  const std::string& id() const { return before_.id; }

  // Whether its process has ended since: "engineering-coordinator ended with exit code 139 (restart
  // count 0, now 1)". Throws EngineError when the container is gone.
  std::optional<std::string> Ended() const;
  // Whether it has ended, and does not run now.
  std::optional<std::string> Down() const;
  // Whether it has ended, and runs again.
  std::optional<std::string> StartedAnew() const;

 private:
  ContainerDetails Now() const;
  std::string ExitCode(const ContainerDetails& now) const;
  std::string EndedSentence(const ContainerDetails& now) const;

  const Engine& engine_;
  TargetContainer target_;
  ContainerDetails before_;
};

}  // namespace proving_ground
