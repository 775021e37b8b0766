#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace platform {

// One lease of a task. A task that is leased again has a higher attempt.
struct TaskRef {
  std::string id;
  std::int64_t attempt = 0;

  friend bool operator==(const TaskRef&, const TaskRef&) = default;
};

// A task as the coordinator hands it out.
struct Task {
  TaskRef ref;
  std::string nonce;     // Chosen by the submitter; where the proof of work starts.
  nlohmann::json steps;  // Array of {"tool","arguments"} and {"think_ms"}; read by the runner only.
};

// What became of a task, as it is reported to the coordinator.
struct TaskOutcome {
  bool finished = false;
  std::string reason;     // Why it failed; empty when finished.
  std::string proof;      // The proof chain as far as the task came.
  std::size_t steps = 0;  // Steps done.
};

}  // namespace platform
