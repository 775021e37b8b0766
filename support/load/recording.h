// Everything a load run observed, judged after it ended.
//
// A recording holds facts, never opinions: it can be saved, mailed and judged again without a
// stack, also after the rules of judgement changed. A run that broke off leaves one too, with
// `complete: false` and the reason.
//
//   const LoadRecording recording = LoadRecordingFromJson(nlohmann::json::parse(text));
//   JudgeNothingLost(recording)
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/contract/contract.h"
#include "support/load/ledger.h"

namespace proving_ground {

// A stretch of the run. Times are since the start of the load phase, so phases before it are
// negative.
struct Phase {
  std::string name;  // "warm-up", "spawn", "load", "drain", "stop", "cleanup"
  std::chrono::milliseconds start{0};
  std::chrono::milliseconds duration{0};
};

// One worker of the fleet.
struct WorkerRecord {
  std::string id;  // as it registers
  std::string team;
  std::string container;
  bool registered = false;  // before the load began
  bool left = false;        // an event tells that it said goodbye
  int tasks_given = 0;      // distinct tasks it started
  int tasks_finished = 0;   // of these, tasks it finished
  std::optional<int> exit_code;
  int restarts = 0;  // how often its container was started anew while it should have run
};

// A time without an answer from Redis.
struct PingGap {
  std::chrono::milliseconds at{0};  // when it began, since the start of the load phase
  std::chrono::milliseconds length{0};
};

// What the ping probe saw.
struct PingRecord {
  std::chrono::milliseconds every{0};    // intended interval
  std::chrono::milliseconds watched{0};  // how long the probe ran
  std::int64_t sent = 0;
  std::int64_t answered = 0;
  std::int64_t reconnects = 0;
  PingGap longest;                       // also one that was open when the probe ended
  std::vector<PingGap> gaps;             // all longer than twice the interval, in time order
  std::vector<std::string> errors;       // distinct error texts, the first few
  std::chrono::milliseconds own_lag{0};  // latest the probe itself ever was
};

// Memory of the containers of one role together, in bytes.
struct MemoryUse {
  double usage = 0;          // what the kernel charges, page cache included
  double inactive_file = 0;  // page cache the kernel would drop first
  double anonymous = 0;      // heap and stacks: what a leak grows, and what is judged
  double shared = 0;         // tmpfs and shared memory
  double limit = 0;
};

// One look at the stack's resources. What could not be read is absent.
struct ResourceSample {
  std::chrono::milliseconds at{0};          // since the start of the load phase
  std::map<std::string, MemoryUse> memory;  // by role name
  std::optional<double> redis_used_memory;  // bytes, INFO memory
  std::optional<std::int64_t> keys;         // DBSIZE
  std::optional<std::chrono::microseconds> ping;
  std::int64_t finished = 0;  // tasks finished so far, all teams
};

// What the journal of one team says about its finished tasks.
struct EvidenceFinding {
  std::string task;
  std::string problem;
};

struct EvidenceRecord {
  std::string team;
  bool read = false;   // could the journal be read
  std::string reason;  // why not
  std::int64_t entries = 0;
  int checked = 0;                        // finished tasks looked at
  int proven = 0;                         // of these, tasks whose chain holds
  std::vector<EvidenceFinding> findings;  // the others
};

// What the run left in the stack, against the state before it.
struct ResidueRecord {
  bool checked = false;
  std::string reason;  // why not
  std::int64_t keys_before = 0;
  std::int64_t keys_after = 0;
  std::vector<std::string> keys;  // names that were not there before
  std::vector<std::string> containers;
  std::vector<std::string> networks;
};

// The load generator's own health: a late generator measures itself.
struct GeneratorRecord {
  std::chrono::milliseconds worst_lag{0};  // latest it woke for an arrival, its own fault only
  std::chrono::milliseconds p99_lag{0};
  double cpu_seconds = 0;  // user and system, whole process, during the load phase
  double cpu_share = 0;    // of one core
};

struct LoadRecording {
  static constexpr int kVersion = 3;

  std::string run_id;
  std::string project;
  std::string profile;
  std::string started_utc;  // RFC 3339, start of the load phase
  std::uint64_t seed = 0;
  std::vector<std::string> teams;
  LoadContract contract;       // thresholds as they were
  bool worker_events = false;  // the driver tells which worker does what
  bool journals = false;       // the stack has a gateway to read evidence of work through
  bool complete = false;
  std::string incomplete_reason;
  std::vector<Phase> phases;
  std::vector<WorkerRecord> workers;
  std::vector<LedgerEntry> ledger;
  std::vector<std::string> made_up;  // tasks of this run that nobody submitted: ids
  PingRecord pings;
  std::vector<ResourceSample> samples;
  std::vector<EvidenceRecord> evidence;
  ResidueRecord residue;
  GeneratorRecord generator;

  // nullptr when the run did not get there.
  const Phase* FindPhase(std::string_view name) const;
};

nlohmann::json ToJson(const LoadRecording& recording);
// Throws UsageError for another version or a malformed document; the message names the field.
LoadRecording LoadRecordingFromJson(const nlohmann::json& document);

// Written so that a reader never sees half a file. Throw EnvironmentError; Load also UsageError.
void SaveRecording(const LoadRecording& recording, const std::filesystem::path& file);
LoadRecording LoadRecordingFile(const std::filesystem::path& file);

}  // namespace proving_ground
