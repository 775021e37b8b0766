#include "compose/services/worker/worker_options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string_view>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/options.h"

namespace platform {
namespace {

std::string HostName() {
  char name[65] = {};
  if (gethostname(name, sizeof name - 1) != 0) return {};
  return name;
}

// The id becomes part of paths and of Redis keys.
void CheckId(const std::string& id) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '_' || c == '-';
  };
  if (id.empty() || id.size() > 64 || !std::all_of(id.begin(), id.end(), allowed)) {
    throw ConfigurationError(
        "'" + id + "' is no worker id; give --id 1 to 64 letters, digits, '.', '_' or '-'");
  }
}

}  // namespace

std::optional<WorkerOptions> ParseWorkerOptions(int argc, const char* const* argv) {
  WorkerOptions options;
  options.id = HostName();
  bool asked_for_check = false;  // Never seen here, see FindHealthCheck(); for --help only.
  CLI::App app("Takes a team's tasks from its coordinator and executes them.", "worker");
  app.add_option("--team", options.team, "Name of the team, for the log")->required();
  app.add_option_function<std::string>(
         "--coordinator", [&](const std::string& url) { options.coordinator = ParseHttpUrl(url); },
         "Address of the team's coordinator, as http://host:port")
      ->required();
  app.add_option_function<std::string>(
         "--gateway", [&](const std::string& url) { options.gateway = ParseHttpUrl(url); },
         "Address of the tool gateway, as http://host:port/mcp")
      ->required();
  app.add_option("--token-file", options.token_file, "File with the team's bearer token")
      ->required();
  app.add_option("--id", options.id, "Name of this worker")->capture_default_str();
  app.add_option("--health-file", options.health_file, "File that the running worker touches")
      ->capture_default_str();
  AddDuration(app, "--drain", options.drain, "How long SIGTERM lets the task in hand go on");
  app.add_flag("--healthcheck", asked_for_check,
               "Exit with 0 if the running worker is alive, else with 1");
  if (ParseCommandLine(app, argc, argv)) return std::nullopt;
  CheckId(options.id);
  return options;
}

std::optional<std::string> FindHealthCheck(int argc, const char* const* argv) {
  bool asked = false;
  std::string file = WorkerOptions().health_file;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--healthcheck") asked = true;
    if (argument == "--health-file" && i + 1 < argc) file = argv[i + 1];
  }
  if (!asked) return std::nullopt;
  return file;
}

}  // namespace platform
