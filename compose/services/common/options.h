#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace platform {

// "redis:6379", "0.0.0.0:8080", "[::1]:8080" (the brackets are not part of `host`).
struct HostPort {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const HostPort&) const = default;
};

// Reads "300ms", "10s", "1m30s", "720h" (units h, m, s, ms in this order, each at most once, whole
// numbers). Throws ConfigurationError for anything else and for more than ten years.
std::chrono::milliseconds ParseDuration(std::string_view text);

// Writes a duration the way ParseDuration reads it.
std::string FormatDuration(std::chrono::milliseconds duration);

// Reads host:port; port 0 is allowed (any free port). Throws ConfigurationError.
HostPort ParseHostPort(std::string_view text);

// Adds an option whose present value is its default.
void AddDuration(CLI::App& app, const std::string& flag, std::chrono::milliseconds& value,
                 const std::string& help);
void AddHostPort(CLI::App& app, const std::string& flag, HostPort& value, const std::string& help);

// Parses the command line. Returns nothing when the service shall run, and 0 after --help was
// printed. Throws ConfigurationError for a bad command line.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, const char* const* argv);

// Runs the body of main() and returns the exit code. A ConfigurationError is printed as "<service>:
// <message>" on one line of standard error (exit code 2), any other exception likewise (exit code
// 1).
int RunService(std::string_view service, const std::function<int()>& body);

}  // namespace platform
