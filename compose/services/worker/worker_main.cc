#include "compose/services/worker/worker_main.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/log.h"
#include "compose/services/common/options.h"
#include "compose/services/worker/agent.h"
#include "compose/services/worker/health_file.h"
#include "compose/services/worker/http_coordinator_link.h"
#include "compose/services/worker/mcp_client.h"
#include "compose/services/worker/task_runner.h"

namespace platform {

namespace asio = boost::asio;

namespace {

HttpClient::Options ServerOf(const HttpUrl& url) {
  HttpClient::Options options;
  options.host = url.host;
  options.port = url.port;
  return options;
}

// Fails at the start if the file cannot be written; later, a stale file is what tells.
void FirstBeat(const std::string& path) {
  try {
    Beat(path);
  } catch (const std::runtime_error& error) {
    throw ConfigurationError(std::string(error.what()) + "; give --health-file a writable place");
  }
}

void LaterBeat(const std::string& path) {
  try {
    Beat(path);
  } catch (const std::runtime_error& error) {
    Log(Level::kError, "beat_failed", {{"reason", error.what()}});
  }
}

int Run(const WorkerOptions& options, const WorkerParts& parts) {
  asio::io_context context(1);
  Shutdown shutdown(context);
  InitLog("worker", options.team);
  FirstBeat(options.health_file);
  const auto executor = context.get_executor();
  const auto tools = parts.make_tool_caller(executor, options);
  const auto tasks = parts.make_task_executor(executor, *tools, options);
  const auto work = parts.make_coordinator_link(executor, options);
  const auto pulse = parts.make_coordinator_link(executor, options);

  Agent::Options agent_options;
  agent_options.drain = options.drain;
  agent_options.beat = [&options] { LaterBeat(options.health_file); };
  Agent agent(executor, *work, *pulse, *tasks, agent_options);
  parts.on_shutdown(shutdown, [&agent] { agent.Stop(); });
  Log(Level::kInfo, "started", {{"worker", options.id}});
  asio::co_spawn(context, agent.Run(), [&context](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
    context.stop();  // Else a wait for signals would keep it running.
  });
  context.run();
  return 0;
}

}  // namespace

WorkerParts::WorkerParts() {
  make_tool_caller = [](const Executor& executor, const WorkerOptions& options) {
    McpClient::Options client;
    client.server = ServerOf(options.gateway);
    client.path = options.gateway.path;
    client.token_file = options.token_file;
    return std::make_unique<McpClient>(executor, std::move(client));
  };
  make_task_executor = [](const Executor& executor, ToolCaller& tools,
                          const WorkerOptions& options) {
    TaskRunner::Options runner;
    runner.worker_id = options.id;
    return std::make_unique<TaskRunner>(executor, tools, std::move(runner));
  };
  make_coordinator_link = [](const Executor& executor, const WorkerOptions& options) {
    HttpCoordinatorLink::Options link;
    link.server = ServerOf(options.coordinator);
    link.worker_id = options.id;
    return std::make_unique<HttpCoordinatorLink>(executor, std::move(link));
  };
  on_shutdown = [](Shutdown& shutdown, std::function<void()> drain) {
    shutdown.OnSignal(std::move(drain));
  };
}

int WorkerMain(int argc, const char* const* argv, const WorkerParts& parts) {
  if (const auto health_file = FindHealthCheck(argc, argv)) return CheckBeat(*health_file);
  return RunService("worker", [&] {
    const auto options = ParseWorkerOptions(argc, argv);
    return options ? Run(*options, parts) : 0;
  });
}

}  // namespace platform
