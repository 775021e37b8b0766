// Reads what the kernel says about the processes of containers: on this machine where it is the
// engine's, else in a helper container that sees all processes of the engine's host.
//
//   const LiveReading reading = ReadLiveTexts("/proc", {container_id, pid});
//   if (reading.refused.empty()) input.live[container_id] = ParseLiveTruth(reading.texts);
//
// It only reads. Nothing of a container's file system is trusted: cgroup files are taken from
// cgroup file systems only, and no text is longer than a mebibyte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/audit/live_truth.h"

namespace proving_ground::audit {

// A container's process 1, as the engine numbers it.
struct LiveTarget {
  std::string container;  // id, 64 digits
  std::int64_t pid = 0;
};

struct LiveReading {
  LiveTruthTexts texts;  // see support/audit/live_truth.h; those that could be read
  std::string refused;   // why nothing was read; empty: something was
};

// `proc`: a proc file system of the process namespace that `target.pid` is a number in. A process
// whose cgroup does not bear the container's id is another one, and is refused: so are all pids of
// an engine on another machine. The namespaces and cgroup files of other accounts' processes are
// readable with the capability SYS_PTRACE.
LiveReading ReadLiveTexts(const std::filesystem::path& proc, const LiveTarget& target);

// The texts "ns/…" of the host itself: of process 1 of `proc`, or, where that is closed even to
// root, of the process that the engine started `container`'s process 1 from, which stays outside.
LiveTruthTexts ReadHostNamespaces(const std::filesystem::path& proc, const LiveTarget& container);

}  // namespace proving_ground::audit
