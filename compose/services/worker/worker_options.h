#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "compose/services/worker/http_url.h"

namespace platform {

struct WorkerOptions {
  std::string team;
  HttpUrl coordinator;
  HttpUrl gateway;
  std::string token_file;
  std::string id;  // Letters, digits, '.', '_', '-'; at most 64.
  std::chrono::milliseconds drain{60'000};
  std::string health_file = "/tmp/worker.health";
};

// Reads the command line. Returns nothing after --help was printed. Throws ConfigurationError.
std::optional<WorkerOptions> ParseWorkerOptions(int argc, const char* const* argv);

// Looks through a command line for --healthcheck, without the cost of parsing it. Returns the
// health file to check if it is there.
std::optional<std::string> FindHealthCheck(int argc, const char* const* argv);

}  // namespace platform
