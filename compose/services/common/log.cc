#include "compose/services/common/log.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace platform {
namespace {

struct Identity {
  std::string service;
  std::string team;
};

Identity& TheIdentity() {
  static Identity identity;
  return identity;
}

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

std::string Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = millis / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char date[32];
  const std::size_t length = std::strftime(date, sizeof date, "%FT%T", &utc);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(millis % 1000));
  return std::string(date, length) + fraction;
}

void WriteAll(std::string_view line) {
  // One write per line: lines of several threads must not mix. A closed or full pipe loses the
  // line, not the service.
  while (!line.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void InitLog(std::string service, std::string team) {
  TheIdentity() = Identity{std::move(service), std::move(team)};
}

void Log(Level level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
  try {
    nlohmann::ordered_json line;
    line["ts"] = Now();
    line["level"] = NameOf(level);
    if (!TheIdentity().service.empty()) line["service"] = TheIdentity().service;
    if (!TheIdentity().team.empty()) line["team"] = TheIdentity().team;
    line["event"] = event;
    for (const LogField& field : fields) {
      std::visit([&](const auto& value) { line[std::string(field.key)] = value; },
                 field.value.value());
    }
    constexpr bool kEnsureAscii = true;
    WriteAll(line.dump(-1, ' ', kEnsureAscii, nlohmann::ordered_json::error_handler_t::replace) +
             "\n");
  } catch (...) {
    // Out of memory: nothing useful can be written.
  }
}

}  // namespace platform
