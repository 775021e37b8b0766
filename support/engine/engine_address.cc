#include "support/engine/engine_address.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr char kDefaultSocket[] = "/var/run/docker.sock";
constexpr char kHowToStart[] =
    "start one (as root: `dockerd &`, or `systemctl start docker`), or set DOCKER_HOST";

std::string ValueOf(const EnvironmentLookup& environment, const std::string& name) {
  return environment(name).value_or("");
}

void RefuseUnsupported(const EnvironmentLookup& environment) {
  if (!ValueOf(environment, "DOCKER_TLS_VERIFY").empty()) {
    throw UsageError("DOCKER_TLS_VERIFY is set, but engines behind TLS are not supported",
                     "forward the engine's socket over SSH and unset it");
  }
  const std::string context = ValueOf(environment, "DOCKER_CONTEXT");
  if (ValueOf(environment, "DOCKER_HOST").empty() && !context.empty() && context != "default") {
    throw UsageError("DOCKER_CONTEXT is '" + context + "', but contexts are not supported",
                     "set DOCKER_HOST to the address `docker context inspect` shows");
  }
}

}  // namespace

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

EngineAddress ParseEngineAddress(const std::string& url) {
  constexpr std::string_view kUnix = "unix://";
  constexpr std::string_view kTcp = "tcp://";
  if (url.starts_with(kUnix) && url.size() > kUnix.size()) {
    return {.url = url, .socket_path = url.substr(kUnix.size()), .host = "127.0.0.1"};
  }
  if (url.starts_with(kTcp) && url.size() > kTcp.size()) {
    const std::string authority = url.substr(kTcp.size(), url.find('/', kTcp.size()) - kTcp.size());
    const size_t colon = authority.rfind(':');
    if (colon != std::string::npos && colon + 1 < authority.size() && authority.back() != ']') {
      return {.url = url, .socket_path = "", .host = authority.substr(0, colon)};
    }
  }
  throw UsageError("DOCKER_HOST is '" + url + "'", "use unix:///path or tcp://host:port");
}

EngineAddress FindEngine(const EnvironmentLookup& environment) {
  RefuseUnsupported(environment);
  const std::string host = ValueOf(environment, "DOCKER_HOST");
  if (!host.empty()) return ParseEngineAddress(host);

  std::vector<std::string> sockets = {kDefaultSocket};
  const std::string runtime_folder = ValueOf(environment, "XDG_RUNTIME_DIR");
  if (!runtime_folder.empty()) sockets.push_back(runtime_folder + "/docker.sock");
  std::string tried;
  for (const std::string& socket : sockets) {
    std::error_code ignored;  // a path that cannot be looked at is as good as none
    if (std::filesystem::is_socket(socket, ignored)) return ParseEngineAddress("unix://" + socket);
    tried += (tried.empty() ? "" : " nor ") + socket;
  }
  throw EnvironmentError("no container engine found, neither DOCKER_HOST nor " + tried,
                         kHowToStart);
}

}  // namespace proving_ground
