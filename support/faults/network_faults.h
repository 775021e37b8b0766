// Faults of the network between one container and others: taken off a network, cut off from a peer,
// losing packets, slow. Nothing outside the target's own network namespace is touched.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "support/faults/fault.h"

namespace proving_ground {

// What was counted in the target's network namespace while a fault held. Updated four times a
// second until the fault is taken back, and kept after that.
struct NetworkCounters {
  std::atomic<std::int64_t> packets{0};  // dropped
  // TCP SYN packets that the target sent to its peer. TCP's own repetitions of one that was not
  // answered (after 1 s, 3 s, 7 s) count too.
  std::atomic<std::int64_t> connection_attempts{0};
  std::atomic<std::int64_t> held_ms{0};  // for which it was counted

  // 0 before anything was counted.
  double ConnectionAttemptsPerSecond() const;
};

// All of them look up containers and addresses when they are made, and throw EnvironmentError when
// the target does not run or shares no network with its peer. A fault ends by itself after five
// minutes.

// Takes the target off a network (its name), and back on as it was attached. Its effect is seen by
// a helper on that network: the target's address answered before, and does not any more.
Fault Detach(const FaultContext& context, const TargetContainer& target,
             const std::string& network);

// Cuts the target off from all containers of the peer service, both ways. The proof tries the
// peer's TCP port before and after; that of another container of the stack must go on answering.
Fault Partition(const FaultContext& context, const TargetContainer& target, const std::string& peer,
                int port, std::shared_ptr<NetworkCounters> counters = nullptr);

// The same, one way: what the target sends is dropped, what the peer sends arrives.
Fault DropOneWay(const FaultContext& context, const TargetContainer& target,
                 const std::string& peer, int port,
                 std::shared_ptr<NetworkCounters> counters = nullptr);

// Drops that share (1 to 99 %) of the packets that the target sends to the peer, each by chance.
Fault Lose(const FaultContext& context, const TargetContainer& target, const std::string& peer,
           int percent);

// Delays everything that the target sends, to whomever; the proof times answers at the peer's TCP
// port. Unavailable where the kernel has no netem.
Fault Delay(const FaultContext& context, const TargetContainer& target, const std::string& peer,
            int port, std::chrono::milliseconds by);

}  // namespace proving_ground
