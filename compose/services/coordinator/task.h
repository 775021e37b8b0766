// What a task is: reading one from a client, and writing one for a worker.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace platform {

// A task nobody may submit; what() says in one sentence what is wrong with it.
class InvalidTask : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Task {
  std::string id;
  // All of the task but its id as JSON in one canonical form, so that two tasks are the same when
  // their payloads are the same text.
  std::string payload;
};

// Ids of tasks and workers become parts of keys and paths: 1 to 64 of [A-Za-z0-9._-].
bool IsValidId(std::string_view id);

// Reads any JSON text, at most 64 levels deep so that nothing later runs out of stack. Throws
// InvalidTask.
nlohmann::json ParseJson(const std::string& text);

// Reads a task as a client submits it: {"id"?, "nonce"?, "steps": [{"tool", "arguments"?} |
// {"think_ms"}], …}. Gives it a random id if it has none; keeps members it does not know. Throws
// InvalidTask.
Task ParseTask(const std::string& text);

// The task as a worker receives it: the payload with "id", "attempt" and "nonce" (the id if the
// client gave none).
std::string TaskForWorker(const Task& task, long long attempt);

}  // namespace platform
