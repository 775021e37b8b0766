// The `docker compose` command, run with argument vectors and a deadline.
//
//   Compose compose({.files = {"compose.yaml", "compose.acceptance.yaml"}, .project = "pg-4711"});
//   const nlohmann::json model = compose.Config(Within(30s));   // secret: never log it
//   compose.Up({.scale = {{"worker", 10}}}, Within(60s));
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/poll.h"
#include "support/compose/command.h"

namespace proving_ground {

struct ComposeOptions {
  // Compose files, later ones override. Empty: what Compose itself finds (COMPOSE_FILE, the
  // folder).
  std::vector<std::filesystem::path> files;
  std::filesystem::path folder;  // where Compose runs; empty: the current folder
  // Project name; empty: what Compose itself chooses (COMPOSE_PROJECT_NAME, `name:`, the folder).
  std::string project;
  // Variables for Compose, besides those of this process: interpolation, COMPOSE_PROFILES, …
  std::map<std::string, std::string> environment;
  std::string docker_host;  // engine to use, as in DOCKER_HOST; empty: Compose's own choice
  // How Compose was found before, and its version; empty: look for it, which takes a tenth of a
  // second.
  std::vector<std::string> command;
  std::string version;
};

struct UpOptions {
  std::vector<std::string> services;  // empty: all
  std::map<std::string, int> scale;   // service -> number of containers
  bool no_deps = false;               // leave the services they depend on alone
  bool force_recreate = false;
  bool create_only = false;  // what is made anew is not started
  // Compose's own wait, until all are running or healthy; see Stack for a better one.
  bool wait = false;
};

struct DownOptions {
  bool volumes = false;  // named volumes too: all data is gone
  std::chrono::seconds grace{10};
};

// One container of the project, as Compose lists it.
struct ComposeContainer {
  std::string id;
  std::string service;
  std::string state;   // "running", "exited", …
  std::string health;  // empty: no health check
  int exit_code = 0;
};

// Address to reach something at.
struct Endpoint {
  std::string host;
  int port = 0;
};

// A project name as Compose accepts it, made of any text: lower-case letters, digits, '-' and '_'.
std::string ProjectSlug(std::string_view text);

// May be used from several threads at once. Members throw EnvironmentError that quotes what Compose
// wrote to standard error, DeadlineExceeded (the command and its children are ended first) and
// Interrupted.
class Compose {
 public:
  // Throws EnvironmentError when Compose v2 is missing, and when the files are not readable.
  explicit Compose(ComposeOptions options);

  const std::string& project() const { return options_.project; }
  const std::string& version() const { return version_; }
  const std::vector<std::string>& command() const { return command_; }

  // The resolved model. It holds secrets in clear: never log it, never write it to a file.
  nlohmann::json Config(Deadline deadline) const;
  // Creates and starts; returns when containers are started.
  void Up(const UpOptions& options, Deadline deadline) const;
  void Down(const DownOptions& options, Deadline deadline) const;
  void Start(const std::vector<std::string>& services, Deadline deadline) const;
  void Stop(const std::vector<std::string>& services, Deadline deadline) const;
  std::vector<ComposeContainer> Ps(Deadline deadline) const;
  // What the services (empty: all) wrote, each line with service and time before it.
  std::string Logs(const std::vector<std::string>& services, std::optional<int> tail,
                   Deadline deadline) const;
  // Runs a command in a container of a service. Its exit code is not judged.
  CommandResult Exec(const std::string& service, int number,
                     const std::vector<std::string>& command, Deadline deadline) const;
  // Where a container port is published; nullopt when it is not.
  std::optional<Endpoint> Port(const std::string& service, int number, int container_port,
                               Deadline deadline) const;

 private:
  // Looks for a Compose v2. Throws EnvironmentError when there is none.
  void FindCommand();
  // Runs `docker compose <global options> arguments…`.
  CommandResult Run(std::vector<std::string> arguments, Deadline deadline) const;
  // The same; throws when it fails.
  std::string RunChecked(std::vector<std::string> arguments, Deadline deadline) const;

  ComposeOptions options_;
  std::vector<std::string> command_;  // "docker", "compose" — or a stand-alone "docker-compose"
  std::string version_;
};

}  // namespace proving_ground
