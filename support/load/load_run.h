// One load run: warm up, spawn workers, drive an open-loop schedule, drain, stop, clean up, look
// what is left. It observes and judges nothing; the result is a recording.
//
//   LoadRun run(options, dependencies);
//   const LoadRecording recording = run.Execute();   // also saved to options.recording_file
//
// When something breaks or the process is interrupted, all threads are joined, what was seen so far
// is saved with `complete: false`, and the exception goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/contract/contract.h"
#include "support/load/evidence.h"
#include "support/load/progress.h"
#include "support/load/recording.h"
#include "support/load/redis_probe.h"
#include "support/load/sampler.h"
#include "support/load/task_driver.h"

namespace proving_ground {

// A worker container and the name under which its worker registers.
struct FleetWorker {
  std::string id;
  std::string team;
  std::string container;
  bool registered = false;
};

// How a worker ended.
struct WorkerEnd {
  std::optional<int> exit_code;  // nullopt: it had to be killed
  int restarts = 0;              // how often the engine had started it anew before

  friend bool operator==(const WorkerEnd&, const WorkerEnd&) = default;
};

// Containers and networks of the stack, by name.
struct FleetObjects {
  std::set<std::string> containers;
  std::set<std::string> networks;
};

// The worker containers of the stack.
class WorkerFleet {
 public:
  virtual ~WorkerFleet() = default;

  // Brings every team to `per_team` running workers. Called twice: with 1 for the warm-up, then
  // with the full number. Returns when the containers run. Throws EnvironmentError.
  virtual void Spawn(int per_team, Deadline deadline) = 0;

  // Waits until every worker registered with its coordinator, at most until `deadline`, and returns
  // all workers with what is true then: a worker that never registers is a finding, not an error.
  virtual std::vector<FleetWorker> AwaitRegistered(Deadline deadline) = 0;

  // Asks every worker to end (SIGTERM), waits as long as its compose file allows, and until the
  // deadline at most, kills it then, removes the containers. By worker id.
  virtual std::map<std::string, WorkerEnd> StopGracefully(Deadline deadline) = 0;

  // What exists now.
  virtual FleetObjects Objects() = 0;
};

// What a run works with. Callables may be called from a thread of the run, one at a time each.
struct LoadRunDependencies {
  std::map<std::string, TaskDriver*> drivers;  // by team
  WorkerFleet* fleet = nullptr;
  // Journal of each team through the gateway; empty when the stack has no gateway: then the
  // evidence is recorded as not read, with `no_journal_reason`.
  std::map<std::string, Journal*> journals;
  std::string no_journal_reason;
  // Where the ping probe connects to.
  RedisProbe::Options redis_probe;
  // All key names of the stack's Redis.
  std::function<std::set<std::string>()> redis_keys;
  // Memory of one look; may throw: the sample then lacks it.
  ReadMemory read_memory;
  ReadRedis read_redis;
  // Called every contract.load.status_every from a thread of the run, and once at the end.
  std::function<void(const LoadStatus&)> on_status;
  // The same for those who look on: called when a phase begins and every `progress_every`; before
  // the load phase without times, tasks and resources.
  std::function<void(const LoadStatus&)> on_progress = {};
};

struct LoadRunOptions {
  Contract contract;
  std::uint64_t seed = 1;
  std::string run_id;                    // [a-z0-9-]{1,20}, part of task ids
  std::filesystem::path recording_file;  // empty: not saved
  // Bounds of the phases around the load.
  std::chrono::milliseconds spawn_within{120'000};
  std::chrono::milliseconds register_within{120'000};  // once their containers run
  std::chrono::milliseconds warm_up_within{60'000};   // for the tasks of one team
  std::chrono::milliseconds stop_within{120'000};
  // Time for keys to settle after the clean-up before what is left counts as residue.
  std::chrono::milliseconds residue_within{10'000};
  std::chrono::milliseconds progress_every{2'000};
};

class LoadRun {
 public:
  // Throws UsageError when a dependency is missing for a team of the contract.
  LoadRun(LoadRunOptions options, LoadRunDependencies dependencies);

  // Once per object.
  LoadRecording Execute();

 private:
  LoadRunOptions options_;
  LoadRunDependencies dependencies_;
};

}  // namespace proving_ground
