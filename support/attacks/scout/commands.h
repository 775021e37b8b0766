// The commands of scout. Each looks or pushes from inside a stack, in bounded time, and writes what
// it found to standard output, one JSON document a line.
#pragma once

#include <cstdint>
#include <string>

namespace proving_ground {

// Enters the network namespace of each container in turn and tries from there to connect to all
// addresses and ports of the others, to a bystander outside the stack, to the host and to addresses
// of nobody; and asks for names. Takes the host's network and process namespaces, SYS_ADMIN and
// SYS_PTRACE. `plan` is a file:
//   {"containers": [{"name": n, "process": id, "addresses": [as the engine says], "ports":
//   [more]}],
//    "outside": {"process": id}, "ports": [tried everywhere], "host_ports": [tried at the host],
//    "names": [asked for], "strangers": [addresses of nobody], "stranger_ports": [..],
//    "patience_ms": 1500}
// It writes
//   {"outside": {"address": a, "port": p}, "host": {"addresses": [..], "port": p}}: where it
//   listens
//       itself, in the bystander's network namespace and on all addresses of the host
//   {"container": n, "namespace": inode, "interfaces": [{"address": a, "prefix": bits}],
//    "listening": [ports]}, or {"container": n, "error": why}: for each container
//   {"source": n, "attempts": count, "connected": ["address:port"], "refused": [..],
//    "resolved": {name: [addresses]}}: for each container, for "host" and for "outside"
//   {"ended": true, "attempts": count}
// Throws UsageError, EnvironmentError.
void Survey(const std::string& plan);

struct ExhaustOptions {
  std::int64_t bytes = 0;   // of memory to write to
  std::int64_t spawns = 0;  // processes to start beside this one
};

// Starts processes, ends them again, and then writes to memory, up to the bounds given.
//   {"spawned": count, "spawn_refused": "Resource temporarily unavailable"}: "" when none was
//   {"touched": bytes}: at half of the memory, to tell a limit from a program that cannot run
//   {"escaped": true, "touched": bytes}: it got all of the memory
//   {"refused": why, "touched": bytes}: the kernel gave no more
void Exhaust(const ExhaustOptions& options);

}  // namespace proving_ground
