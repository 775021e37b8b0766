// The spellings the engine and Compose accept for one and the same thing, brought to one form.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground::audit {

std::string Lower(std::string_view text);
std::vector<std::string> Split(std::string_view text, char separator);

// "64m", "1.5GB", "512 MiB", 67108864, "67108864": bytes, binary multiples as the engine counts
// them. Negative numbers are kept (-1: no limit). nullopt when it is no size.
std::optional<std::int64_t> ParseBytes(const nlohmann::json* value);

// "1m30s", "1.5h", "250ms" (compose), or nanoseconds (inspect).
std::optional<std::chrono::milliseconds> ParseSpan(const nlohmann::json* value);

// "sys_admin", "CAP_SYS_ADMIN", "cap_sys_admin": "SYS_ADMIN". "all": "ALL".
std::string CapabilityName(std::string_view text);
// Number of a normalized capability; nullopt when the kernel has none of that name.
std::optional<int> CapabilityNumber(std::string_view name);

// "no-new-privileges", "no-new-privileges:true", "no-new-privileges=true", "seccomp=unconfined".
struct SecurityOption {
  std::string name;
  std::string value;  // empty: none was given
};
SecurityOption ParseSecurityOption(std::string_view text);
// What the engine takes for true: 1, t, true in any case it accepts.
bool IsTrueWord(std::string_view text);

// Where a published port listens.
enum class Reach { kLoopback, kAddress, kEverywhere };
// "", "0.0.0.0", "::", "[::]", "::ffff:0.0.0.0": everywhere; 127.0.0.0/8, ::1: loopback. What is no
// address counts as everywhere.
Reach ReachOf(std::string_view host_address);

// Absolute path without "//", "/./", "/../" and a slash at the end; /var/run is /run, as on every
// distribution of this century. Relative paths are only cleaned.
std::string CleanPath(std::string_view path);
// True for `folder` itself and everything below it; both clean.
bool IsWithin(std::string_view path, std::string_view folder);

// "80", "8000-8010": first and last. nullopt when it is no port or range.
struct PortRange {
  int first = 0;
  int last = 0;
};
std::optional<PortRange> ParsePorts(std::string_view text);

}  // namespace proving_ground::audit
