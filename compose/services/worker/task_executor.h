#pragma once

#include <optional>

#include "compose/services/common/awaitable.h"
#include "compose/services/worker/task.h"

namespace platform {

// Does the work of tasks, one at a time.
class TaskExecutor {
 public:
  virtual ~TaskExecutor() = default;

  // Executes the task to its end, however long the gateway is away. Nothing is returned if it was
  // abandoned.
  virtual boost::asio::awaitable<std::optional<TaskOutcome>> Execute(Task task) = 0;

  // Ends the task in hand early: its lease is lost, so its outcome is nobody's business any more.
  virtual void Abandon() = 0;
};

}  // namespace platform
