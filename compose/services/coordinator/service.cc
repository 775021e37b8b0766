#include "compose/services/coordinator/service.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/health_check.h"
#include "compose/services/common/log.h"
#include "compose/services/common/secret_file.h"
#include "compose/services/common/shutdown.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

struct CommandLine {
  CoordinatorOptions options;
  HostPort redis{"redis", 6379};
  std::string password_file;
};

std::string HostName() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

void AddOptions(CLI::App& app, CommandLine& line) {
  CoordinatorOptions& options = line.options;
  app.add_option("--team", options.team, "Team whose tasks are coordinated")->required();
  app.add_option("--instance", options.instance,
                 "Identity in leadership, kept over restarts (default: host name)");
  AddHostPort(app, "--listen", options.listen, "Address and port of the HTTP interface");
  AddHostPort(app, "--redis", line.redis, "Address and port of Redis");
  app.add_option("--redis-user", options.redis.user, "ACL user of Redis");
  app.add_option("--redis-password-file", line.password_file, "File with that user's password");
  AddDuration(app, "--worker-lease", options.worker_lease,
              "How long a task stays with a worker that gives no sign");
  AddDuration(app, "--heartbeat", options.heartbeat, "How often workers give a sign");
  AddDuration(app, "--leader-lease", options.leader_lease,
              "How long leadership lasts without renewal");
  AddDuration(app, "--retention", options.retention, "How long ended tasks can be looked up");
  AddDuration(app, "--drain", options.drain, "How long requests may take to end at shutdown");
}

void Check(const CommandLine& line) {
  const CoordinatorOptions& options = line.options;
  if (!IsValidId(options.team)) {
    throw ConfigurationError("--team is not 1 to 64 of A-Z a-z 0-9 . _ -; name a team");
  }
  if (options.redis.user.empty() != line.password_file.empty()) {
    throw ConfigurationError(
        "only one of --redis-user and --redis-password-file is given; give both or none");
  }
  if (options.heartbeat <= milliseconds(0) || options.worker_lease < 2 * options.heartbeat) {
    throw ConfigurationError(
        "--worker-lease is shorter than two heartbeats; make it longer, or --heartbeat shorter");
  }
  if (options.leader_lease < milliseconds(30)) {
    throw ConfigurationError("--leader-lease is below 30ms; make it longer");
  }
  if (options.retention <= milliseconds(0)) {
    throw ConfigurationError("--retention is zero; make it longer");
  }
}

int Run(int argc, const char* const* argv, const TaskStoreFactory& make_store) {
  asio::io_context context(1);
  Shutdown shutdown(context);
  CLI::App app("Coordinates the tasks of one team.");
  CommandLine line;
  AddOptions(app, line);
  if (const std::optional<int> exit_code = ParseCommandLine(app, argc, argv)) return *exit_code;
  Check(line);
  CoordinatorOptions& options = line.options;
  options.redis.host = line.redis.host;
  options.redis.port = line.redis.port;
  if (!line.password_file.empty()) {
    options.redis.password = [file = line.password_file] { return ReadSecretFile(file); };
    options.redis.password();  // a missing file is an error of the start
  }
  if (options.instance.empty()) options.instance = HostName();

  InitLog("coordinator", options.team);
  Coordinator coordinator(context, options, make_store);
  shutdown.OnSignal([&] { asio::co_spawn(context, coordinator.Stop(), asio::detached); });
  coordinator.Start();
  context.run();
  return EXIT_SUCCESS;
}

}  // namespace

int RunCoordinator(int argc, const char* const* argv, const TaskStoreFactory& make_store) {
  // Before anything else: a health check is a whole process, started every few seconds.
  if (argc > 1 && std::string_view(argv[1]) == "--healthcheck") {
    const int port = argc > 2 ? std::atoi(argv[2]) : 8080;
    return CheckHealth(static_cast<std::uint16_t>(port), "/readyz");
  }
  return RunService("coordinator", [&] { return Run(argc, argv, make_store); });
}

}  // namespace platform
