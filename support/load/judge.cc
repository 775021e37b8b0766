#include "support/load/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/base/count_text.h"
#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

double Count(milliseconds duration) { return static_cast<double>(duration.count()); }

int PlannedTasks(const LoadRecording& recording, const std::string& team) {
  return static_cast<int>(
      std::count_if(recording.ledger.begin(), recording.ledger.end(),
                    [&](const LedgerEntry& entry) { return entry.task.team == team; }));
}

Verdict JudgeWorkers(const LoadRecording& recording, VerdictBuilder builder,
                     const std::vector<std::string>& teams, double limit) {
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  if (!recording.worker_events) {
    return builder.Inconclusive("the task driver does not tell which worker does what");
  }
  for (const std::string& team : teams) {
    const int planned = PlannedTasks(recording, team);
    const int floor =
        std::max(recording.contract.min_tasks_per_team, recording.contract.workers_per_team);
    if (planned < floor) {
      return builder.Inconclusive(
          fmt::format("team {} was offered {} tasks, fewer than {}", team, planned, floor));
    }
  }
  const int expected = recording.contract.workers_per_team * static_cast<int>(teams.size());
  int complete = 0;
  int found = 0;
  for (const WorkerRecord& worker : recording.workers) {
    if (std::find(teams.begin(), teams.end(), worker.team) == teams.end()) continue;
    ++found;
    const std::string shortcoming = Shortcoming(worker);
    if (shortcoming.empty()) ++complete;
    if (!shortcoming.empty())
      builder.Detail(worker.team + " worker " + worker.id + " " + shortcoming);
  }
  if (found < expected) builder.Detail(CountText(expected - found, "missing worker"));
  builder.AtLeast("complete workers", static_cast<double>(complete) / expected, limit, "ratio",
                  expected);
  return builder.Decide(fmt::format(
      "{} of {} workers registered, finished every task they were given and left gracefully",
      complete, expected));
}

}  // namespace

std::string Shortcoming(const WorkerRecord& worker) {
  if (!worker.registered) return "never registered";
  if (worker.restarts > 0) return "crashed " + CountText(worker.restarts, "time");
  if (worker.tasks_given == 0) return "was given no task";
  if (worker.tasks_finished < worker.tasks_given) {
    return fmt::format("finished {} of {} tasks", worker.tasks_finished, worker.tasks_given);
  }
  if (!worker.exit_code.has_value()) return "had to be killed";
  if (*worker.exit_code != 0) return fmt::format("ended with exit code {}", *worker.exit_code);
  if (!worker.left) return "did not say goodbye";
  return {};
}

std::optional<std::string> UnfitReason(const LoadRecording& recording) {
  if (!recording.complete) return "the run broke off: " + recording.incomplete_reason;
  if (recording.ledger.empty()) return "no task was planned";
  // Latencies below p99_floor count as equal, so that much lateness of our own changes no verdict.
  const milliseconds lag = std::max(recording.generator.worst_lag, recording.pings.own_lag);
  if (lag > recording.contract.p99_floor) {
    return fmt::format("the load generator itself was up to {} ms late, more than {} ms",
                       lag.count(), recording.contract.p99_floor.count());
  }
  return std::nullopt;
}

Verdict JudgeCompletion(const LoadRecording& recording) {
  return JudgeWorkers(recording, VerdictBuilder("L-1", ""), recording.teams,
                      recording.contract.min_completion);
}

Verdict JudgeTeamCompletion(const LoadRecording& recording, const std::string& team) {
  return JudgeWorkers(recording, VerdictBuilder("L-2", team), {team},
                      recording.contract.min_team_completion);
}

Verdict JudgeWallClock(const LoadRecording& recording) {
  VerdictBuilder builder("L-3", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  const Phase* spawn = recording.FindPhase("spawn");
  const Phase* cleanup = recording.FindPhase("cleanup");
  if (spawn == nullptr || cleanup == nullptr) {
    return builder.Inconclusive("spawning or cleaning up was not timed");
  }
  const milliseconds wall = cleanup->start + cleanup->duration - spawn->start;
  builder.AtMost("wall clock", Count(wall) / 1000, Count(recording.contract.max_wall_clock) / 1000,
                 "s", 1);
  for (const Phase& phase : recording.phases) {
    builder.Detail(fmt::format("{} took {:.1f} s", phase.name, Count(phase.duration) / 1000));
  }
  return builder.Decide(fmt::format("spawning to cleaning up took {:.1f} s of {:.0f} s",
                                    Count(wall) / 1000,
                                    Count(recording.contract.max_wall_clock) / 1000));
}

Verdict JudgeRedisAnswers(const LoadRecording& recording) {
  VerdictBuilder builder("L-4", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  const PingRecord& pings = recording.pings;
  const Phase* load = recording.FindPhase("load");
  if (load == nullptr || pings.watched < load->duration || pings.every.count() <= 0) {
    return builder.Inconclusive("Redis was not watched throughout the load");
  }
  builder.AtMost("longest time without an answer", Count(pings.longest.length),
                 Count(recording.contract.max_redis_gap), "ms", pings.answered);
  for (const PingGap& gap : pings.gaps) {
    builder.Detail(fmt::format("{} ms without an answer at {:.1f} s", gap.length.count(),
                               Count(gap.at) / 1000));
  }
  for (const std::string& error : pings.errors) builder.Detail(error);
  // Half of the pings, should every answer be slow: fewer, and gaps may have gone unseen.
  const double expected = Count(pings.watched) / Count(pings.every);
  if (builder.AllHold() && static_cast<double>(pings.answered) < expected / 2) {
    return builder.Inconclusive(
        fmt::format("{} answers to pings where {:.0f} were due", pings.answered, expected));
  }
  return builder.Decide(fmt::format("longest time without an answer {} ms of {} ms, {} pings",
                                    pings.longest.length.count(),
                                    recording.contract.max_redis_gap.count(), pings.answered));
}

Verdict JudgeEvidence(const LoadRecording& recording) {
  VerdictBuilder builder("L-5", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  const auto finished = std::count_if(recording.ledger.begin(), recording.ledger.end(),
                                      [](const LedgerEntry& entry) { return entry.Finished(); });
  if (finished == 0) return builder.Inconclusive("no task finished");
  int proven = 0;
  int checked = 0;
  for (const EvidenceRecord& evidence : recording.evidence) {
    if (!evidence.read) {
      return builder.Inconclusive("the journal of " + evidence.team +
                                  " was not read: " + evidence.reason);
    }
    proven += evidence.proven;
    checked += evidence.checked;
    for (const EvidenceFinding& finding : evidence.findings) {
      builder.Detail(finding.task + ": " + finding.problem);
    }
  }
  if (checked != finished) {
    return builder.Inconclusive(
        fmt::format("{} of {} finished tasks were checked", checked, finished));
  }
  builder.AtLeast("proven tasks", static_cast<double>(proven) / static_cast<double>(finished), 1,
                  "ratio", finished);
  return builder.Decide(
      fmt::format("{} of {} finished tasks left the evidence of their work", proven, finished));
}

Verdict JudgeNothingLost(const LoadRecording& recording) {
  VerdictBuilder builder("L-6", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  int accepted = 0;
  int lost = 0;
  int doubles = 0;
  int unsettled = 0;
  for (const LedgerEntry& entry : recording.ledger) {
    if (entry.Unsettled()) ++unsettled;
    if (!entry.Accepted()) continue;
    ++accepted;
    if (!entry.Finished()) {
      ++lost;
      builder.Detail(entry.task.id + (entry.Failed()
                                          ? " failed: " + entry.reason
                                          : " never finished, last seen " + entry.last_state));
    }
    if (entry.FinishCount() > 1) {
      doubles += entry.FinishCount() - 1;
      builder.Detail(fmt::format("{} finished {} times", entry.task.id, entry.FinishCount()));
    }
  }
  if (accepted == 0) return builder.Inconclusive("no task was accepted");
  const int floor =
      recording.contract.min_tasks_per_team * static_cast<int>(recording.teams.size());
  builder.AtMost("lost tasks", lost, 0, "tasks", accepted);
  builder.AtMost("double finishes", doubles, 0, "tasks", accepted);
  const bool events = std::any_of(recording.ledger.begin(), recording.ledger.end(),
                                  [](const LedgerEntry& entry) { return !entry.events.empty(); });
  if (events) {  // nothing else tells of tasks that nobody asks for
    builder.AtMost("made-up tasks", static_cast<double>(recording.made_up.size()), 0, "tasks",
                   accepted);
  }
  for (const std::string& task : recording.made_up) builder.Detail(task + " was never submitted");
  // A stack that refuses most of its load loses little of it: that proves nothing.
  if (builder.AllHold() && accepted < floor) {
    return builder.Inconclusive(
        fmt::format("{} tasks were accepted, fewer than {}", accepted, floor));
  }
  if (builder.AllHold() && unsettled > 0) {
    return builder.Inconclusive(
        fmt::format("whether {} tasks were accepted stayed unknown", unsettled));
  }
  return builder.Decide(
      fmt::format("of {} accepted tasks {} were lost, {} finished once too often; {} were made up",
                  accepted, lost, doubles, recording.made_up.size()));
}

Verdict JudgeResidue(const LoadRecording& recording) {
  VerdictBuilder builder("L-7", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  const ResidueRecord& residue = recording.residue;
  if (!residue.checked) {
    return builder.Inconclusive("what was left was not looked up: " + residue.reason);
  }
  const auto add = [&](const std::string& kind, const std::vector<std::string>& names) {
    builder.AtMost(kind + " left", static_cast<double>(names.size()), 0, kind, 1);
    for (const std::string& name : names) builder.Detail(kind + ": " + name);
  };
  add("keys", residue.keys);
  add("containers", residue.containers);
  add("networks", residue.networks);
  return builder.Decide(fmt::format("left behind: {}, {} and {}",
                                    CountText(residue.keys.size(), "key"),
                                    CountText(residue.containers.size(), "container"),
                                    CountText(residue.networks.size(), "network")));
}

std::vector<Verdict> JudgeAll(const LoadRecording& recording) {
  std::vector<Verdict> verdicts = {JudgeCompletion(recording)};
  for (const std::string& team : recording.teams) {
    verdicts.push_back(JudgeTeamCompletion(recording, team));
  }
  for (const auto judge : {JudgeWallClock, JudgeRedisAnswers, JudgeEvidence, JudgeNothingLost,
                           JudgeResidue, JudgeGrowth, JudgeFairness}) {
    verdicts.push_back(judge(recording));
  }
  return verdicts;
}

}  // namespace proving_ground
