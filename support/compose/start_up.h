// When a compose project counts as up.
#pragma once

#include <string>

#include "support/base/poll.h"
#include "support/engine/engine.h"

namespace proving_ground {

inline constexpr char kProjectLabel[] = "com.docker.compose.project";
inline constexpr char kServiceLabel[] = "com.docker.compose.service";
inline constexpr char kNumberLabel[] = "com.docker.compose.container-number";
inline constexpr char kOneOffLabel[] = "com.docker.compose.oneoff";

// Waits until all containers of a project are up, as Stack::AwaitUp describes. Compose's own wait
// is not used: it takes a one-shot service that ended well for a failure, waits for rare health
// checks, and sees a crash only when its time is over. Throws EnvironmentError with the last log
// lines of a container that failed, and when the project has no containers at all.
void AwaitContainersUp(const Engine& engine, const std::string& project, Deadline deadline);

// How containers of a project failed, each with its last log lines; empty when none did.
std::string DescribeFailed(const Engine& engine, const std::string& project);

}  // namespace proving_ground
