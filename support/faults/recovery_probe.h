// Clients of the stack that submit and complete small tasks at a steady cadence, from inside the
// stack's networks, where its real clients live: there a frozen or unreachable service hangs
// without an error, while a port published to the host would show a clean end of connection.
//
//   RecoveryProbe probe(engine, options);
//   probe.AwaitSuccesses(50, Within(10s));   // steady before anything is broken
//   …                                        // break, heal
//   probe.AwaitSuccesses(50, Within(30s));   // steady again
//   const ProbeLog log = probe.Finish(Within(10s));
//
// The program `probe` runs in a helper container on the network that the team's workers share with
// their coordinator. It issues operations open loop: one every `every`, whether the ones before it
// were answered or not, so a stack that hangs cannot slow the probe down. It keeps connections
// while they work and makes new ones when they do not; addresses are looked up anew all the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/engine/engine.h"
#include "support/faults/operation.h"

namespace proving_ground {

struct ProbeOptions {
  std::string project;      // of the stack
  std::string network;      // name or id of the network to join, or
  std::string network_of;   // the container of a client, whose place in the networks it shares
  std::string coordinator;  // host and port there: "engineering-coordinator:8080"
  // Ids are "<prefix>-<n>" for tasks and "<prefix>-write-<n>" for writes; unique over all runs.
  std::string id_prefix;
  nlohmann::json steps = nlohmann::json::array();  // of each task, at least one
  std::chrono::milliseconds every{10};             // one task
  std::chrono::milliseconds patience{1'000};       // longest wait for one answer
  // Longest wait, once no more are issued, for the tasks the stack took to finish.
  std::chrono::milliseconds drain{8'000};
  std::chrono::milliseconds longest_life{300'000};

  // State writes through the gateway: memory_put of a key and value which both are the id.
  std::string gateway;  // URL there: "http://gateway:8080/mcp"; empty: no state writes
  std::string token;    // secret
  std::chrono::milliseconds write_every{50};
};

// What the probe itself cost and how exact it was.
struct ProbeHealth {
  std::chrono::microseconds worst_lag{0};  // latest it ever issued an operation, its own fault
  std::chrono::microseconds p99_lag{0};
  std::int64_t left_out =
      0;  // operations of its schedule it never issued, being more than 0.1 s late
};

struct ProbeLog {
  History history;  // by time of issue; both kinds
  ProbeHealth health;
};

class RecoveryProbe {
 public:
  // Starts it; operations begin as soon as it knows where the coordinator's event log ends, or
  // after one patience. Throws EnvironmentError, also when the engine runs on another machine,
  // whose clock is not this one; UsageError for options that make no sense.
  RecoveryProbe(const Engine& engine, ProbeOptions options);
  ~RecoveryProbe();

  // Waits until the `count` tasks issued last before some moment from now on all were acknowledged
  // and finished, one after the other. Throws DeadlineExceeded; EnvironmentError when the probe
  // ended.
  void AwaitSuccesses(int count, Deadline deadline);
  // Were the `count` tasks issued last before some moment after `since` all acknowledged and
  // finished, one after the other?
  bool Served(int count, Clock::time_point since) const;
  // Ends issuing, waits until all operations are settled and the tasks the stack took have
  // finished, the latter for `drain` at most, and returns everything. Throws EnvironmentError when
  // the probe died or its life was over before, DeadlineExceeded for a deadline sooner than
  // `patience` or `drain`.
  ProbeLog Finish(Deadline deadline);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace proving_ground
