// The commands of fault-helper. Each does one thing in the namespaces it was started in, says on
// standard output what it has proved, and takes everything back at the end of its life or at
// SIGTERM.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/faults/helper/reach.h"

namespace proving_ground {

// Makes process 1 of this process namespace crash as by a bug of its own, which arms the
// container's restart policy; a kill through the engine would disarm it. Takes SYS_PTRACE.
//   {"crashed":true}: printed first, since the kernel ends this program together with process 1
void Crash(Deadline end);

enum class Direction { kOut, kIn, kBoth };

struct DropOptions {
  std::vector<std::string> addresses;  // IPv4
  int port = 0;                        // TCP port at which it is tried whether they answer
  Direction direction = Direction::kBoth;
  std::optional<SocketAddress> control;  // must go on answering
  Deadline end;
};

// Drops all packets between this network namespace and the addresses. Takes NET_ADMIN.
//   {"ready":true,"canary_before":true,"canary_now":false,"packets":n,…}: each address answered
//       before, none does now, n packets of the try were dropped, the control still answers
//   {"packets":n,"connection_attempts":n,"held_ms":n}: four times a second, counted since then:
//       packets dropped, and TCP SYN packets sent to the addresses (repeats included)
//   {"ended":true,…}: the same, at the end
void Drop(const DropOptions& options);

struct LoseOptions {
  std::vector<std::string> addresses;  // IPv4
  int percent = 0;                     // 1 to 99
  bool both_ways = false;  // what they send, too: then 30 % leave 49 % of exchanges whole
  Deadline end;
};

// Drops that share of the packets sent to the addresses, each by chance. Takes NET_ADMIN.
//   {"ready":true,"measured_percent":29.4}: of datagrams of its own
//   {"packets":n,"lost":n,"held_ms":n}: four times a second; and with "ended" at the end
void Lose(const LoseOptions& options);

struct DelayOptions {
  std::chrono::milliseconds by{0};
  std::optional<SocketAddress> address;  // whose answers are timed; without it nothing is proved
  std::string interface;                 // empty: all but the loopback
  Deadline end;
};

// Reads what the kernel says about process 1 of containers, by "<container's id>:<its pid>". Takes
// the process namespace of the host and SYS_PTRACE; changes nothing.
//   {"container":"3f2a…","texts":{"status":"…",…}} or {"container":"3f2a…","refused":"…"} each
//   {"host":{"ns/pid":"pid:[4026531836]",…}}: the namespaces of the host, at the end
// Throws UsageError. See support/audit/live_texts.h.
void ReadLive(const std::vector<std::string>& targets);

// The kernel cannot do what was asked for.
struct Unavailable {
  std::string reason;
};

// Delays every packet that leaves. Takes NET_ADMIN, and netem in the kernel. Unlike packet rules,
// the queues outlive this program when it is killed: ask it to end with SIGTERM.
//   {"ready":true,"before_ms":0.2,"now_ms":100.3}: time an answer took
//   {"ended":true}
// Throws Unavailable.
void Delay(const DelayOptions& options);

// Watches from outside whether addresses answer.
//   {"ready":true,"answers":[true]}, and {"answers":[false]} whenever that changes, in their order
//   {"ended":true}
void Watch(const std::vector<SocketAddress>& addresses, Deadline end);

// Keeps the address it has been given on its network.
//   {"ready":true}, {"ended":true}
void HoldAddress(Deadline end);

}  // namespace proving_ground
