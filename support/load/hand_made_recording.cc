#include "support/load/hand_made_recording.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kWorkersPerTeam = 2;
constexpr int kTasksPerTeam = 20;
constexpr double kMebi = 1024.0 * 1024.0;

LoadContract MakeContract() {
  LoadContract contract;
  contract.workers_per_team = kWorkersPerTeam;
  contract.duration = 20s;
  contract.think_min = 500ms;
  contract.think_max = 500ms;
  contract.sample_every = 500ms;
  contract.max_wall_clock = 60s;
  contract.min_tasks_per_team = kTasksPerTeam;
  return contract;
}

std::string WorkerName(const std::string& team, int number) {
  return team + "-worker-" + std::to_string(number % kWorkersPerTeam + 1);
}

LedgerEntry MakeEntry(const std::string& team, int number) {
  const milliseconds arrival = number * 900ms;
  const std::string worker = WorkerName(team, number);
  LedgerEntry entry;
  entry.task.id = "r1-" + team + "-" + std::to_string(number + 1);
  entry.task.team = team;
  entry.task.nonce = "nonce";
  entry.task.arrival = arrival;
  entry.task.gaps = {200ms, 200ms, 100ms};
  entry.submitted = arrival + 1ms;
  entry.answered = arrival + 3ms;
  entry.outcome = SubmitOutcome::kAccepted;
  const std::int64_t unix_ms = 1'700'000'000'000 + arrival.count();
  entry.events = {{EventType::kAccepted, "", 0, unix_ms + 2, arrival + 3ms},
                  {EventType::kStarted, worker, 1, unix_ms + 5, arrival + 6ms},
                  {EventType::kFinished, worker, 1, unix_ms + 525, arrival + 530ms}};
  entry.last_state = "finished";
  entry.proof = "proof";
  entry.collected = true;
  return entry;
}

ResourceSample MakeSample(milliseconds at) {
  ResourceSample sample;
  sample.at = at;
  for (const char* role : {"coordinator", "worker", "gateway", "redis"}) {
    sample.memory[role] = {.usage = 30 * kMebi,
                           .inactive_file = 5 * kMebi,
                           .anonymous = 20 * kMebi,
                           .shared = 0,
                           .limit = 64 * kMebi};
  }
  sample.redis_used_memory = 2 * kMebi;
  sample.keys = 40;
  sample.ping = 300us;
  sample.finished = at.count() > 0 ? at.count() / 450 : 0;
  return sample;
}

}  // namespace

LoadRecording HandMadeRecording() {
  LoadRecording recording;
  recording.run_id = "r1";
  recording.project = "stack";
  recording.profile = "quick";
  recording.started_utc = "2026-01-01T00:00:00Z";
  recording.seed = 7;
  recording.teams = {"marketing", "sales"};
  recording.contract = MakeContract();
  recording.worker_events = true;
  recording.journals = true;
  recording.complete = true;
  recording.phases = {{"warm-up", -9s, 3s}, {"spawn", -6s, 6s}, {"load", 0s, 18s},
                      {"drain", 18s, 1s},   {"stop", 19s, 2s},  {"cleanup", 21s, 1s},
                      {"evidence", 22s, 1s}};
  for (const std::string& team : recording.teams) {
    for (int i = 0; i < kWorkersPerTeam; ++i) {
      recording.workers.push_back({WorkerName(team, i), team, "stack-" + WorkerName(team, i), true,
                                   true, kTasksPerTeam / kWorkersPerTeam,
                                   kTasksPerTeam / kWorkersPerTeam, 0});
    }
    for (int i = 0; i < kTasksPerTeam; ++i) recording.ledger.push_back(MakeEntry(team, i));
    recording.evidence.push_back(
        {team, true, "", 2 * kTasksPerTeam, kTasksPerTeam, kTasksPerTeam, {}});
  }
  recording.pings.every = 100ms;
  recording.pings.watched = 28s;
  recording.pings.sent = 280;
  recording.pings.answered = 280;
  recording.pings.longest = {3s, 120ms};
  for (milliseconds at = -6s; at <= 22s; at += 500ms) recording.samples.push_back(MakeSample(at));
  recording.residue.checked = true;
  recording.residue.keys_before = 30;
  recording.residue.keys_after = 30;
  recording.generator = {2ms, 1ms, 0.4, 0.02};
  return recording;
}

}  // namespace proving_ground
