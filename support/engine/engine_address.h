// Which container engine to talk to.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace proving_ground {

// Where an engine listens.
struct EngineAddress {
  std::string url;          // as in DOCKER_HOST: "unix:///var/run/docker.sock", "tcp://host:2375"
  std::string socket_path;  // of a unix socket; empty for TCP
  std::string host;         // host that published ports are reached at; 127.0.0.1 for a unix socket
};

// Looks a variable up; nullopt when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

// The variables of this process.
std::optional<std::string> ProcessEnvironment(const std::string& name);

// Follows DOCKER_HOST; without it takes the first socket that exists of /var/run/docker.sock and
// $XDG_RUNTIME_DIR/docker.sock (rootless). Throws UsageError for what it does not support (ssh://,
// TLS, contexts) and EnvironmentError when there is no socket.
EngineAddress FindEngine(const EnvironmentLookup& environment = ProcessEnvironment);

// Reads an address as written in DOCKER_HOST. Throws UsageError.
EngineAddress ParseEngineAddress(const std::string& url);

}  // namespace proving_ground
