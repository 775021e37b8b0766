#include "support/audit/rules/spelling.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>

#include "support/audit/live_truth.h"
#include "support/audit/rules/json_view.h"

namespace proving_ground::audit {
namespace {

using std::chrono::milliseconds;

std::optional<double> UnitFactor(std::string unit) {
  unit.erase(std::remove(unit.begin(), unit.end(), ' '), unit.end());
  if (unit.empty() || unit == "b") return 1.0;
  if (unit.ends_with("ib")) {
    unit.resize(unit.size() - 2);
  } else if (unit.ends_with('b')) {
    unit.pop_back();
  }
  constexpr std::string_view kUnits = "kmgtp";
  const std::size_t at = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
  if (at == std::string_view::npos) return std::nullopt;
  return std::pow(1024.0, static_cast<double>(at + 1));
}

// Nanoseconds of one unit of Go's durations.
std::optional<double> SpanUnit(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "µs") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  if (unit == "m") return 60e9;
  if (unit == "h") return 3600e9;
  return std::nullopt;
}

std::optional<double> ParseSpanText(std::string_view text) {
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() && number == 0) return 0;
    const std::size_t length = std::min(text.find_first_of("0123456789."), text.size());
    const auto unit = SpanUnit(text.substr(0, length));
    if (!unit) return std::nullopt;
    total += number * *unit;
    text.remove_prefix(length);
  }
  return total;
}

std::optional<int> ParsePort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 0 || port > 65535) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<std::int64_t> ParseBytes(const nlohmann::json* value) {
  if (const auto whole = Integer(value)) return whole;
  const std::string text = Lower(Text(value));
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc()) return std::nullopt;
  const auto factor = UnitFactor(std::string(end, text.data() + text.size()));
  if (!factor || !(std::abs(number * *factor) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(number * *factor);
}

std::optional<milliseconds> ParseSpan(const nlohmann::json* value) {
  std::optional<double> nanoseconds = Number(value);
  if (!nanoseconds) nanoseconds = ParseSpanText(Text(value));
  if (!nanoseconds || !(std::abs(*nanoseconds) < 9.2e18)) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(*nanoseconds / 1e6));
}

std::string CapabilityName(std::string_view text) {
  std::string name(text);
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name.starts_with("CAP_") ? name.substr(4) : name;
}

std::optional<int> CapabilityNumber(std::string_view name) {
  const auto& names = CapabilityNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

SecurityOption ParseSecurityOption(std::string_view text) {
  // The engine looks for '=' first, and for ':' only where there is none.
  std::size_t at = text.find('=');
  if (at == std::string_view::npos) at = text.find(':');
  if (at == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

bool IsTrueWord(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "TRUE", "True"};
  return std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end();
}

Reach ReachOf(std::string_view host_address) {
  std::string address(host_address);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (address == "localhost") return Reach::kLoopback;
  std::array<unsigned char, 4> v4{};
  std::array<unsigned char, 16> v6{};
  if (inet_pton(AF_INET6, address.c_str(), v6.data()) == 1) {
    static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                              0, 0, 0, 0, 0xFF, 0xFF};
    if (std::memcmp(v6.data(), kMapped.data(), kMapped.size()) != 0) {
      const bool zero_but_last =
          std::all_of(v6.begin(), v6.end() - 1, [](int b) { return b == 0; });
      if (!zero_but_last || v6[15] > 1) return Reach::kAddress;
      return v6[15] == 1 ? Reach::kLoopback : Reach::kEverywhere;
    }
    std::copy(v6.begin() + 12, v6.end(), v4.begin());
  } else if (inet_pton(AF_INET, address.c_str(), v4.data()) != 1) {
    return Reach::kEverywhere;
  }
  if (v4[0] == 127) return Reach::kLoopback;
  const bool zero = std::all_of(v4.begin(), v4.end(), [](int b) { return b == 0; });
  return zero ? Reach::kEverywhere : Reach::kAddress;
}

std::string CleanPath(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string> kept;
  for (std::string& part : Split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && absolute) {
      if (!kept.empty()) kept.pop_back();
    } else {
      kept.push_back(std::move(part));
    }
  }
  std::string clean;
  for (const std::string& part : kept) {
    if (absolute || !clean.empty()) clean += '/';
    clean += part;
  }
  if (absolute && clean.empty()) return "/";
  if (clean == "/var/run" || clean.starts_with("/var/run/")) return clean.substr(4);
  return clean;
}

bool IsWithin(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::optional<PortRange> ParsePorts(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = ParsePort(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : ParsePort(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

}  // namespace proving_ground::audit
