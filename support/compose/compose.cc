#include "support/compose/compose.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

// Enough for what Compose says when it fails; its progress is switched off.
constexpr size_t kQuotedOutput = 3000;
constexpr std::chrono::seconds kShortCommand{30};

std::string Trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.pop_back();
  }
  if (text.size() > kQuotedOutput) text = "… " + text.substr(text.size() - kQuotedOutput);
  return text;
}

bool Mentions(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

std::string RemedyFor(const std::string& said) {
  if (Mentions(said, "No such image") || Mentions(said, "pull access denied")) {
    return "build or pull the stack's images first; nothing is pulled during a run";
  }
  if (Mentions(said, "Cannot connect to the Docker daemon")) {
    return "start the container engine, or set DOCKER_HOST";
  }
  if (Mentions(said, "no configuration file provided")) {
    return "name the compose files, or set COMPOSE_FILE";
  }
  if (Mentions(said, "port is already allocated") || Mentions(said, "address already in use")) {
    return "end the program that uses this port, or publish to a free one (127.0.0.1::PORT)";
  }
  return "see what Compose says";
}

// Version of a Compose that answers to `command`; nullopt when there is none.
std::optional<std::string> VersionOf(std::vector<std::string> command) {
  command.insert(command.end(), {"version", "--short"});
  try {
    const CommandResult result = RunCommand({.arguments = command}, Within(kShortCommand));
    std::string version = Trimmed(result.standard_output);
    if (version.starts_with('v')) version.erase(0, 1);
    if (result.exit_code != 0 || version.empty()) return std::nullopt;
    return version;
  } catch (const DeadlineExceeded&) {
    throw;
  } catch (const EnvironmentError&) {
    return std::nullopt;  // no such program
  }
}

std::vector<ComposeContainer> ParsePs(const std::string& text) {
  std::vector<ComposeContainer> containers;
  const auto add = [&](const json& row) {
    containers.push_back({.id = row.value("ID", ""),
                          .service = row.value("Service", ""),
                          .state = row.value("State", ""),
                          .health = row.value("Health", ""),
                          .exit_code = row.value("ExitCode", 0)});
  };
  // One array up to Compose 2.20, one object a line since.
  if (text.starts_with('[')) {
    for (const json& row : json::parse(text)) add(row);
    return containers;
  }
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) add(json::parse(text.substr(start, end - start)));
    start = end + 1;
  }
  return containers;
}

}  // namespace

std::string ProjectSlug(std::string_view text) {
  std::string slug;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0) {
      slug += static_cast<char>(std::tolower(byte));
    } else if (!slug.empty() && slug.back() != '-') {
      // A name starts with a letter or digit; runs of other characters become one hyphen.
      slug += character == '_' ? '_' : '-';
    }
  }
  while (!slug.empty() && std::isalnum(static_cast<unsigned char>(slug.back())) == 0) {
    slug.pop_back();
  }
  if (slug.empty()) {
    throw UsageError("no project name can be made of '" + std::string(text) + "'",
                     "use at least one letter or digit");
  }
  return slug;
}

Compose::Compose(ComposeOptions options)
    : options_(std::move(options)), command_(options_.command), version_(options_.version) {
  if (command_.empty()) FindCommand();
  if (options_.project.empty()) {
    options_.project = Config(Within(kShortCommand)).at("name").get<std::string>();
  }
}

void Compose::FindCommand() {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"docker", "compose"}, {"docker-compose"}}) {
    const std::optional<std::string> version = VersionOf(command);
    if (!version) continue;
    version_ = *version;
    if (std::atoi(version_.c_str()) < 2) continue;
    command_ = command;
    break;
  }
  if (command_.empty()) {
    throw EnvironmentError(
        version_.empty() ? "Docker Compose is missing: neither `docker compose` nor "
                           "`docker-compose` answers"
                         : "Docker Compose is version " + version_ + ", but version 2 is needed",
        "install the Compose plugin (package docker-compose-plugin, docker-compose-v2 or, from "
        "Debian 13, docker-compose)");
  }
}

CommandResult Compose::Run(std::vector<std::string> arguments, Deadline deadline) const {
  Command command;
  command.arguments = command_;
  command.arguments.insert(command.arguments.end(), {"--ansi", "never", "--progress", "quiet"});
  for (const std::filesystem::path& file : options_.files) {
    command.arguments.insert(command.arguments.end(), {"--file", file.string()});
  }
  if (!options_.project.empty()) {
    command.arguments.insert(command.arguments.end(), {"--project-name", options_.project});
  }
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command.arguments));
  command.folder = options_.folder;
  command.environment = options_.environment;
  command.environment["COMPOSE_MENU"] = "false";
  if (!options_.docker_host.empty()) command.environment["DOCKER_HOST"] = options_.docker_host;
  return RunCommand(command, deadline);
}

std::string Compose::RunChecked(std::vector<std::string> arguments, Deadline deadline) const {
  const std::string verb = arguments.at(0);
  CommandResult result = Run(std::move(arguments), deadline);
  if (result.exit_code == 0) return std::move(result.standard_output);
  // Standard output stays out of it: that of `config` holds secrets.
  const std::string said = Trimmed(std::move(result.standard_error));
  throw EnvironmentError("`docker compose " + verb + "` of project " +
                             (options_.project.empty() ? "(unnamed)" : options_.project) +
                             " failed with exit code " + std::to_string(result.exit_code) + ": " +
                             (said.empty() ? "no explanation" : said),
                         RemedyFor(said));
}

json Compose::Config(Deadline deadline) const {
  const std::string text = RunChecked({"config", "--format", "json"}, deadline);
  json model = json::parse(text, nullptr, /*allow_exceptions=*/false);
  // The parser's message would quote the text, which holds secrets.
  if (!model.is_object()) {
    throw EnvironmentError("`docker compose config` did not write JSON",
                           "update Docker Compose (this is " + version_ + ")");
  }
  return model;
}

void Compose::Up(const UpOptions& options, Deadline deadline) const {
  const std::string what = options.create_only ? "--no-start" : "--detach";
  std::vector<std::string> arguments = {"up",           what,     "--no-build",
                                        "--quiet-pull", "--pull", "never"};
  if (options.no_deps) arguments.push_back("--no-deps");
  if (options.force_recreate) arguments.push_back("--force-recreate");
  if (options.wait) arguments.push_back("--wait");
  for (const auto& [service, number] : options.scale) {
    arguments.insert(arguments.end(), {"--scale", service + "=" + std::to_string(number)});
  }
  arguments.insert(arguments.end(), options.services.begin(), options.services.end());
  RunChecked(std::move(arguments), deadline);
}

void Compose::Down(const DownOptions& options, Deadline deadline) const {
  std::vector<std::string> arguments = {"down", "--remove-orphans", "--timeout",
                                        std::to_string(options.grace.count())};
  if (options.volumes) arguments.push_back("--volumes");
  RunChecked(std::move(arguments), deadline);
}

void Compose::Start(const std::vector<std::string>& services, Deadline deadline) const {
  std::vector<std::string> arguments = {"start"};
  arguments.insert(arguments.end(), services.begin(), services.end());
  RunChecked(std::move(arguments), deadline);
}

void Compose::Stop(const std::vector<std::string>& services, Deadline deadline) const {
  std::vector<std::string> arguments = {"stop"};
  arguments.insert(arguments.end(), services.begin(), services.end());
  RunChecked(std::move(arguments), deadline);
}

std::vector<ComposeContainer> Compose::Ps(Deadline deadline) const {
  const std::string text = RunChecked({"ps", "--all", "--format", "json"}, deadline);
  try {
    return ParsePs(text);
  } catch (const json::exception& error) {
    throw EnvironmentError(
        "the list of containers of `docker compose ps` cannot be read (" +
            std::string(error.what()) + ")",
        "use a Docker Compose between 2.20 and the newest (this is " + version_ + ")");
  }
}

std::string Compose::Logs(const std::vector<std::string>& services, std::optional<int> tail,
                          Deadline deadline) const {
  std::vector<std::string> arguments = {"logs", "--no-color", "--timestamps"};
  if (tail) arguments.insert(arguments.end(), {"--tail", std::to_string(*tail)});
  arguments.insert(arguments.end(), services.begin(), services.end());
  return RunChecked(std::move(arguments), deadline);
}

CommandResult Compose::Exec(const std::string& service, int number,
                            const std::vector<std::string>& command, Deadline deadline) const {
  std::vector<std::string> arguments = {"exec", "-T", "--index", std::to_string(number), service};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return Run(std::move(arguments), deadline);
}

std::optional<Endpoint> Compose::Port(const std::string& service, int number, int container_port,
                                      Deadline deadline) const {
  const CommandResult result =
      Run({"port", "--index", std::to_string(number), service, std::to_string(container_port)},
          deadline);
  const std::string text = Trimmed(result.standard_output);
  const size_t colon = text.rfind(':');
  if (result.exit_code != 0 || colon == std::string::npos) return std::nullopt;
  const int port = std::atoi(text.c_str() + colon + 1);
  if (port == 0) return std::nullopt;  // how some releases say that it is not published
  return Endpoint{.host = text.substr(0, colon), .port = port};
}

}  // namespace proving_ground
