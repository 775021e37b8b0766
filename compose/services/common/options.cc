#include "compose/services/common/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/resolve.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view suffix;
  milliseconds length;
};

constexpr Unit kUnits[] = {{"h", std::chrono::hours(1)},
                           {"m", std::chrono::minutes(1)},
                           {"s", std::chrono::seconds(1)},
                           {"ms", milliseconds(1)}};

constexpr milliseconds kLongest = std::chrono::hours(24 * 366 * 10);

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

ConfigurationError BadDuration(std::string_view text) {
  return ConfigurationError("'" + std::string(text) +
                            "' is no duration; write for example 300ms, 10s, 1m30s or 720h");
}

}  // namespace

milliseconds ParseDuration(std::string_view text) {
  milliseconds total{0};
  const Unit* next_unit = std::begin(kUnits);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (error != std::errc() || count < 0) throw BadDuration(text);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view suffix =
        rest.substr(0, std::min(rest.find_first_of("0123456789-"), rest.size()));
    while (next_unit != std::end(kUnits) && next_unit->suffix != suffix) ++next_unit;
    if (next_unit == std::end(kUnits) || count > kLongest / next_unit->length)
      throw BadDuration(text);
    total += count * next_unit->length;
    rest.remove_prefix(suffix.size());
    ++next_unit;
  }
  if (text.empty() || total > kLongest) throw BadDuration(text);
  return total;
}

std::string FormatDuration(milliseconds duration) {
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const auto count = duration / unit.length; count > 0) {
      text += std::to_string(count) + std::string(unit.suffix);
      duration -= count * unit.length;
    }
  }
  return text.empty() ? "0s" : text;
}

HostPort ParseHostPort(std::string_view text) {
  const ConfigurationError error("'" + std::string(text) +
                                 "' is no host:port; write for example redis:6379");
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) throw error;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    throw error;
  }
  HostPort result{std::string(host), 0};
  const auto [end, code] =
      std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
  if (code != std::errc() || end != digits.data() + digits.size() || host.empty()) throw error;
  return result;
}

void AddDuration(CLI::App& app, const std::string& flag, milliseconds& value,
                 const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&value](const std::string& text) { value = ParseDuration(text); }, help)
      ->type_name("DURATION")
      ->default_str(FormatDuration(value));
}

void AddHostPort(CLI::App& app, const std::string& flag, HostPort& value, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&value](const std::string& text) { value = ParseHostPort(text); }, help)
      ->type_name("HOST:PORT")
      ->default_str(value.host.empty() ? "" : value.host + ":" + std::to_string(value.port));
}

std::optional<int> ParseCommandLine(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    throw ConfigurationError(std::string(error.what()) + "; see --help");
  }
  return std::nullopt;
}

int RunService(std::string_view service, const std::function<int()>& body) {
  const std::string prefix = std::string(service) + ": ";
  LimitLookupTime();
  try {
    return body();
  } catch (const ConfigurationError& error) {
    std::fputs((prefix + OneLine(error.what()) + "\n").c_str(), stderr);
    return 2;
  } catch (const std::exception& error) {
    std::fputs((prefix + OneLine(error.what()) + "\n").c_str(), stderr);
    return 1;
  }
}

}  // namespace platform
