// Are a service's limits in force? A helper under exactly these limits takes a little more than
// they allow, of processes and of memory, and is stopped by the kernel: inside, and nobody else.
//
//   const ServiceLimits limits = LimitsOf(engine, container);
//   const ContainmentTrial trial = TryContainment(engine, project, limits);
//   JudgeContainment("S-16", {trial}, …)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/compose/stack.h"
#include "support/engine/engine.h"
#include "support/report/verdict.h"

namespace proving_ground {

// What the engine was told to hold a container to.
struct ServiceLimits {
  std::vector<std::string> services;  // that have these
  std::int64_t memory = 0;            // bytes; 0: none
  std::int64_t memory_and_swap = 0;   // bytes; 0: twice the memory; negative: none
  std::int64_t processes = 0;         // 0 or negative: none
  std::string host_limits;            // all of them, as the JSON members of HostConfig
};

// Those of the services' containers, each different set once.
std::vector<ServiceLimits> LimitsOf(const Stack& stack, const Engine& engine,
                                    const std::set<std::string>& left_out = {});

// What came of it.
struct ContainmentTrial {
  ServiceLimits limits;
  std::string not_tried;          // why; then the rest is empty
  std::int64_t memory_tried = 0;  // bytes
  std::int64_t spawns_tried = 0;
  bool half_was_given = false;    // half of the memory: the program works
  bool memory_contained = false;  // killed, or refused
  bool killed = false;            // by the kernel, for memory
  bool escaped = false;           // it says that it got all
  std::int64_t spawned = 0;       // processes that could be started
  std::string spawn_refusal;      // the kernel's words; empty: none
};

// Notes what the helper said and how it ended. The engine may hear of a kill for memory (the flag)
// after it has heard of the end: a helper that was killed before it could say that it got all was
// killed by the kernel, for nobody else does.
void NoteEnd(const std::vector<std::string>& lines, bool out_of_memory, int exit_code,
             ContainmentTrial& trial);

// How much is tried: above the limits, as little as tells. Nullopt for the memory, or 0 for the
// processes, where there is no limit to try.
std::optional<std::int64_t> MemoryToTry(const ServiceLimits& limits, std::int64_t swap_of_host);
std::int64_t ProcessesToTry(const ServiceLimits& limits);

// Takes about a second. Nothing is allocated without a limit, nor where the host could not spare
// it. Throws EngineError, DeadlineExceeded.
ContainmentTrial TryContainment(const Engine& engine, const std::string& project,
                                const ServiceLimits& limits);

// What must not change while others are stopped: start times and states, by container name.
using Vitals = std::map<std::string, std::string>;
Vitals VitalsOf(const Stack& stack, const Engine& engine);

// Passed when every trial was contained and the vitals are the same. A service without a limit has
// none in force: failed. Inconclusive when a helper could not do its half.
Verdict JudgeContainment(const std::string& criterion, const std::vector<ContainmentTrial>& trials,
                         const Vitals& before, const Vitals& after);

}  // namespace proving_ground
