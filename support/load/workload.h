// What the platform is asked to do: tasks, and when they arrive.
//
// The schedule is open loop: arrival times are fixed beforehand, so a stack that stalls meets the
// arrivals it was promised and cannot slow the load down. It follows from the contract and a seed
// alone, and every team gets the same one, so that what differs between teams is the platform.
//
//   for (const Task& task : TeamTasks(contract.load, seed, run_id, "marketing")) …
//   TaskPayload(task)   // what a worker executes
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/contract/contract.h"

namespace proving_ground {

// One task of one team.
struct Task {
  std::string id;  // [A-Za-z0-9._-]{1,64}, unique over all runs
  std::string team;
  std::string nonce;                     // where the proof chain of this task starts
  std::chrono::milliseconds arrival{0};  // intended, since the start of the load phase
  // Think time before the second, third … call; a task makes one call more than it has gaps.
  std::vector<std::chrono::milliseconds> gaps;
};

// All think time of a task together.
std::chrono::milliseconds ThinkTime(const Task& task);

// The MCP calls a task makes, in order. The first and the last write to the team's journal: their
// entries are the evidence of work. What lies between stores, reads and deletes one memory value.
enum class Call { kJournalAppend, kMemoryPut, kMemoryGet, kMemoryDelete };
std::vector<Call> CallsOf(const Task& task);

// Entry that call `index` writes into the journal, before the worker fills in the placeholders.
std::string JournalTemplate(int index);

// The task as JSON: {"id", "nonce", "steps": [{"tool", "arguments"} | {"think_ms"}]}.
nlohmann::json TaskPayload(const Task& task);

// Tasks of `team`, by arrival. The rate is utilization * workers_per_team / mean think time; within
// each interval of 1/rate the arrival is drawn at random, so the offered load is exact even in a
// short run. A task that would still think at `duration` is left out. Throws UsageError when the
// contract allows no task at all.
std::vector<Task> TeamTasks(const LoadContract& contract, std::uint64_t seed,
                            const std::string& run_id, const std::string& team);

// A task without think time that makes every call once; `number` tells several apart.
Task WarmUpTask(const LoadContract& contract, const std::string& run_id, const std::string& team,
                int number = 0);

}  // namespace proving_ground
