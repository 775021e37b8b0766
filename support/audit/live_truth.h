// What the kernel says about a running container, as opposed to what was asked of the engine.
//
//   LiveTruthTexts texts;                       // gathered inside the container's namespaces
//   texts["status"] = ...                       // text of /proc/1/status
//   const LiveTruth truth = ParseLiveTruth(texts);
//   truth.status->effective_capabilities
//
// The texts come from the target's process 1; keys are listed at kLiveTexts. A text that could not
// be read is left out, and rules that need it are not evaluated.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground::audit {

// Text by name:
//   status      /proc/1/status
//   mountinfo   /proc/1/mountinfo
//   tcp, tcp6   /proc/1/net/tcp, /proc/1/net/tcp6
//   ns/<name>   link text of /proc/1/ns/<name> ("pid:[4026532512]") for cgroup ipc mnt net pid user
//   uts files of the container's own cgroup, by their names: version 2   memory.max, cpu.max,
//   pids.max version 1   memory.limit_in_bytes, cpu.cfs_quota_us, cpu.cfs_period_us, pids.max
using LiveTruthTexts = std::map<std::string, std::string>;

struct ProcessStatus {
  std::uint32_t effective_uid = 0;
  std::uint32_t effective_gid = 0;
  // Bit n is capability number n (see CapabilityNames).
  std::uint64_t effective_capabilities = 0;
  std::uint64_t bounding_capabilities = 0;
  std::uint64_t ambient_capabilities = 0;
  bool no_new_privileges = false;
  int seccomp_mode = 0;  // 0 off, 1 strict, 2 filter
};

// Limits of the container's cgroup; nullopt inside: none in force.
struct CgroupLimits {
  struct Limit {
    bool known = false;                // the file was read
    std::optional<double> value = {};  // bytes, CPUs or processes
  };
  Limit memory;
  Limit cpus;
  Limit pids;
};

// One line of mountinfo.
struct LiveMount {
  std::string root;               // path within the mounted file system: what was bind-mounted
  std::string target;             // where it is in the container
  std::set<std::string> options;  // of the mount and of its file system: "ro", "nosuid", …
  bool read_only = false;         // either of the two
  std::string type;               // "overlay", "proc", "tmpfs", …
};

struct ListeningSocket {
  bool loopback = false;
  int port = 0;
};

struct LiveTruth {
  std::optional<ProcessStatus> status;
  std::optional<std::vector<LiveMount>> mounts;
  std::optional<std::vector<ListeningSocket>> listening;  // needs both tcp and tcp6
  std::map<std::string, std::uint64_t> namespaces;        // inode by name; what was readable
  CgroupLimits limits;
};

// Never throws: what cannot be understood is absent from the result.
LiveTruth ParseLiveTruth(const LiveTruthTexts& texts);

// Kernel names of capabilities without "CAP_", by number: CHOWN, DAC_OVERRIDE, ….
constexpr int kCapabilityCount = 41;
const std::array<std::string_view, kCapabilityCount>& CapabilityNames();

}  // namespace proving_ground::audit
