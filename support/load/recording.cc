#include "support/load/recording.h"

#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/load/recording_archive.h"

namespace proving_ground {
namespace {

constexpr auto kKind = "load recording";

}  // namespace

// Found by the archives through argument-dependent lookup, hence not in the unnamed namespace.

static std::string_view EnumName(EventType type) { return EventTypeName(type); }

static bool EnumFromName(const std::string& name, EventType& type) {
  const auto found = EventTypeFromName(name);
  if (found.has_value()) type = *found;
  return found.has_value();
}

static std::string_view EnumName(SubmitOutcome outcome) {
  switch (outcome) {
    case SubmitOutcome::kAccepted:
      return "accepted";
    case SubmitOutcome::kRefused:
      return "refused";
    case SubmitOutcome::kUnknown:
      break;
  }
  return "unknown";
}

static bool EnumFromName(const std::string& name, SubmitOutcome& outcome) {
  for (const auto known :
       {SubmitOutcome::kAccepted, SubmitOutcome::kRefused, SubmitOutcome::kUnknown}) {
    if (name != EnumName(known)) continue;
    outcome = known;
    return true;
  }
  return false;
}

template <typename Archive>
static void Fields(Archive& archive, LoadContract& contract) {
  archive("workers_per_team", contract.workers_per_team);
  archive("duration_ms", contract.duration);
  archive("status_every_ms", contract.status_every);
  archive("think_min_ms", contract.think_min);
  archive("think_max_ms", contract.think_max);
  archive("calls_per_task", contract.calls_per_task);
  archive("utilization", contract.utilization);
  archive("min_completion", contract.min_completion);
  archive("min_team_completion", contract.min_team_completion);
  archive("max_wall_clock_ms", contract.max_wall_clock);
  archive("max_redis_gap_ms", contract.max_redis_gap);
  archive("redis_ping_every_ms", contract.redis_ping_every);
  archive("sample_every_ms", contract.sample_every);
  archive("max_memory_growth", contract.max_memory_growth);
  archive("memory_growth_floor_mib", contract.memory_growth_floor_mib);
  archive("max_keys_per_task", contract.max_keys_per_task);
  archive("keys_per_open_task", contract.keys_per_open_task);
  archive("max_team_throughput_ratio", contract.max_team_throughput_ratio);
  archive("max_team_p99_ratio", contract.max_team_p99_ratio);
  archive("p99_floor_ms", contract.p99_floor);
  archive("min_tasks_per_team", contract.min_tasks_per_team);
}

template <typename Archive>
static void Fields(Archive& archive, Phase& phase) {
  archive("name", phase.name);
  archive("start_ms", phase.start);
  archive("duration_ms", phase.duration);
}

template <typename Archive>
static void Fields(Archive& archive, WorkerRecord& worker) {
  archive("id", worker.id);
  archive("team", worker.team);
  archive("container", worker.container);
  archive("registered", worker.registered);
  archive("left", worker.left);
  archive("tasks_given", worker.tasks_given);
  archive("tasks_finished", worker.tasks_finished);
  archive("exit_code", worker.exit_code);
  archive("restarts", worker.restarts);
}

template <typename Archive>
static void Fields(Archive& archive, Task& task) {
  archive("id", task.id);
  archive("team", task.team);
  archive("nonce", task.nonce);
  archive("arrival_ms", task.arrival);
  archive("gaps_ms", task.gaps);
}

template <typename Archive>
static void Fields(Archive& archive, LedgerEvent& event) {
  archive("type", event.type);
  archive("worker", event.worker);
  archive("attempt", event.attempt);
  archive("at_unix_ms", event.at_ms);
  archive("seen_ms", event.seen);
}

template <typename Archive>
static void Fields(Archive& archive, LedgerEntry& entry) {
  archive("task", entry.task);
  archive("submitted_ms", entry.submitted);
  archive("answered_ms", entry.answered);
  archive("outcome", entry.outcome);
  archive("reason", entry.reason);
  archive("events", entry.events);
  archive("settled", entry.settled);
  archive("last_state", entry.last_state);
  archive("finished_by_record", entry.finished_by_record);
  archive("proof", entry.proof);
  archive("collected", entry.collected);
}

template <typename Archive>
static void Fields(Archive& archive, PingGap& gap) {
  archive("at_ms", gap.at);
  archive("length_ms", gap.length);
}

template <typename Archive>
static void Fields(Archive& archive, PingRecord& pings) {
  archive("every_ms", pings.every);
  archive("watched_ms", pings.watched);
  archive("sent", pings.sent);
  archive("answered", pings.answered);
  archive("reconnects", pings.reconnects);
  archive("longest", pings.longest);
  archive("gaps", pings.gaps);
  archive("errors", pings.errors);
  archive("own_lag_ms", pings.own_lag);
}

template <typename Archive>
static void Fields(Archive& archive, MemoryUse& memory) {
  archive("usage", memory.usage);
  archive("inactive_file", memory.inactive_file);
  archive("anonymous", memory.anonymous);
  archive("shared", memory.shared);
  archive("limit", memory.limit);
}

template <typename Archive>
static void Fields(Archive& archive, ResourceSample& sample) {
  archive("at_ms", sample.at);
  archive("memory_bytes", sample.memory);
  archive("redis_used_memory_bytes", sample.redis_used_memory);
  archive("keys", sample.keys);
  archive("ping_us", sample.ping);
  archive("finished", sample.finished);
}

template <typename Archive>
static void Fields(Archive& archive, EvidenceFinding& finding) {
  archive("task", finding.task);
  archive("problem", finding.problem);
}

template <typename Archive>
static void Fields(Archive& archive, EvidenceRecord& evidence) {
  archive("team", evidence.team);
  archive("read", evidence.read);
  archive("reason", evidence.reason);
  archive("entries", evidence.entries);
  archive("checked", evidence.checked);
  archive("proven", evidence.proven);
  archive("findings", evidence.findings);
}

template <typename Archive>
static void Fields(Archive& archive, ResidueRecord& residue) {
  archive("checked", residue.checked);
  archive("reason", residue.reason);
  archive("keys_before", residue.keys_before);
  archive("keys_after", residue.keys_after);
  archive("keys", residue.keys);
  archive("containers", residue.containers);
  archive("networks", residue.networks);
}

template <typename Archive>
static void Fields(Archive& archive, GeneratorRecord& generator) {
  archive("worst_lag_ms", generator.worst_lag);
  archive("p99_lag_ms", generator.p99_lag);
  archive("cpu_seconds", generator.cpu_seconds);
  archive("cpu_share", generator.cpu_share);
}

template <typename Archive>
static void Fields(Archive& archive, LoadRecording& recording) {
  archive("run_id", recording.run_id);
  archive("project", recording.project);
  archive("profile", recording.profile);
  archive("started_utc", recording.started_utc);
  archive("seed", recording.seed);
  archive("teams", recording.teams);
  archive("contract", recording.contract);
  archive("worker_events", recording.worker_events);
  archive("journals", recording.journals);
  archive("complete", recording.complete);
  archive("incomplete_reason", recording.incomplete_reason);
  archive("phases", recording.phases);
  archive("workers", recording.workers);
  archive("ledger", recording.ledger);
  archive("made_up", recording.made_up);
  archive("pings", recording.pings);
  archive("samples", recording.samples);
  archive("evidence", recording.evidence);
  archive("residue", recording.residue);
  archive("generator", recording.generator);
}

const Phase* LoadRecording::FindPhase(std::string_view name) const {
  for (const Phase& phase : phases) {
    if (phase.name == name) return &phase;
  }
  return nullptr;
}

nlohmann::json ToJson(const LoadRecording& recording) {
  nlohmann::json document;
  JsonWriter writer(document);
  LoadRecording copy = recording;  // Fields serves both directions and wants it mutable
  Fields(writer, copy);
  document["kind"] = kKind;
  document["version"] = LoadRecording::kVersion;
  return document;
}

LoadRecording LoadRecordingFromJson(const nlohmann::json& document) {
  if (!document.is_object() || document.value("kind", "") != kKind) {
    JsonReader::Refuse("kind", "is not \"" + std::string(kKind) + "\"");
  }
  if (document.value("version", 0) != LoadRecording::kVersion) {
    JsonReader::Refuse("version", "is not " + std::to_string(LoadRecording::kVersion));
  }
  LoadRecording recording;
  JsonReader reader(document, "recording");
  Fields(reader, recording);
  return recording;
}

void SaveRecording(const LoadRecording& recording, const std::filesystem::path& file) {
  // Texts from the stack may be anything: invalid UTF-8 is replaced, not a reason to lose the rest.
  WriteFileAtomically(
      file, ToJson(recording).dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
}

LoadRecording LoadRecordingFile(const std::filesystem::path& file) {
  const auto document = nlohmann::json::parse(ReadFile(file), nullptr, false);
  if (document.is_discarded()) JsonReader::Refuse(file.string(), "is no JSON");
  return LoadRecordingFromJson(document);
}

}  // namespace proving_ground
