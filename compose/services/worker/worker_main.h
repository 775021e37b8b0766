#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "compose/services/common/shutdown.h"
#include "compose/services/worker/coordinator_link.h"
#include "compose/services/worker/task_executor.h"
#include "compose/services/worker/tool_caller.h"
#include "compose/services/worker/worker_options.h"

namespace platform {

// What a worker is made of. Each part can be replaced by another implementation of its interface;
// the defaults are the production worker.
struct WorkerParts {
  using Executor = boost::asio::any_io_executor;

  std::function<std::unique_ptr<ToolCaller>(const Executor&, const WorkerOptions&)>
      make_tool_caller;
  std::function<std::unique_ptr<TaskExecutor>(const Executor&, ToolCaller&, const WorkerOptions&)>
      make_task_executor;
  std::function<std::unique_ptr<CoordinatorLink>(const Executor&, const WorkerOptions&)>
      make_coordinator_link;
  std::function<void(Shutdown&, std::function<void()> drain)> on_shutdown;

  WorkerParts();
};

// The whole of the program: parses the command line, runs until SIGTERM and returns the exit code:
// 0 after a drain, 2 with one line on standard error for a bad configuration.
int WorkerMain(int argc, const char* const* argv, const WorkerParts& parts = WorkerParts());

}  // namespace platform
