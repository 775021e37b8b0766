#include "support/load/load_execution.h"

#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr int kWarmUpTries = 3;    // a stack that loses tasks may lose one of these
constexpr Pace kLook{20ms, 50ms};  // how often the run looks at its threads
constexpr auto kLeadTime = 100ms;  // threads are there before the first arrival
constexpr auto kShortestDrain = 1s;
constexpr auto kGoodbyesWithin = 5s;  // the last events of workers that ended
constexpr auto kSettleWithin = 20s;   // reading and collecting, all tasks of a team together

std::string UtcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<std::string> Added(const std::set<std::string>& before,
                               const std::set<std::string>& after) {
  std::vector<std::string> added;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(added));
  return added;
}

// Calls `ask` until it does not throw EnvironmentError; gives up silently at the deadline.
void TryUntil(const std::string& subject, Deadline deadline, const std::function<void()>& ask) {
  try {
    Await(subject, deadline, [&](std::string& seen) {
      try {
        ask();
        return true;
      } catch (const DeadlineExceeded&) {
        throw;
      } catch (const EnvironmentError& error) {
        seen = error.what();
        return false;
      }
    });
  } catch (const DeadlineExceeded&) {
    // What could not be read stays unknown, and the recording says so.
  }
}

}  // namespace

LoadExecution::LoadExecution(const LoadRunOptions& options, const LoadRunDependencies& needs)
    : options_(options), needs_(needs), load_(options.contract.load) {
  recording_.run_id = options.run_id;
  recording_.project = options.contract.project;
  recording_.profile = options.contract.profile;
  recording_.started_utc = UtcNow();
  recording_.seed = options.seed;
  recording_.teams = options.contract.teams;
  recording_.contract = load_;
  recording_.worker_events = true;
  recording_.journals = !needs.journals.empty();
  for (const std::string& team : options.contract.teams) {
    TaskDriver& driver = *needs.drivers.at(team);
    recording_.worker_events = recording_.worker_events && driver.ReportsWorkers();
    drives_.push_back(std::make_unique<TeamDrive>(team, driver, ledger_, failure_));
  }
}

void LoadExecution::RunPhases() {
  InPhase("warm-up", [this] { WarmUp(); });
  StartObservers();
  spawn_started_ = Clock::now();
  InPhase("spawn", [this] { Spawn(); });
  InPhase("load", [this] { Load(); });
  InPhase("drain", [this] { Drain(); });
  InPhase("stop", [this] { StopWorkers(); });
  InPhase("cleanup", [this] { CleanUp(); });
  InPhase("evidence", [this] { ReadEvidence(); });
  ReportStatus();
}

LoadRecording LoadExecution::Finish(const std::string& broken_by) {
  for (const auto& drive : drives_) drive->Stop();
  if (sampler_ != nullptr) recording_.samples = sampler_->Stop();  // its last sample asks the probe
  if (probe_ != nullptr) recording_.pings = probe_->Stop();
  recording_.ledger = ledger_.Entries();
  recording_.made_up = ledger_.Strangers(options_.run_id + "-");
  for (const std::string& team : recording_.teams) {  // these were ours, before the book was opened
    std::erase_if(recording_.made_up, [&](const std::string& task) {
      return task.starts_with(options_.run_id + "-" + team + "-warm-up-");
    });
  }
  RecordWorkers(recording_.ledger);
  RecordGenerator();
  ShiftTimes();
  recording_.complete = broken_by.empty();
  recording_.incomplete_reason = broken_by;
  return std::move(recording_);
}

void LoadExecution::InPhase(const std::string& name, const std::function<void()>& body) {
  phase_ = name;
  ReportProgress();
  const Clock::time_point start = Clock::now();
  const auto record = [&] {
    recording_.phases.push_back({name, duration_cast<milliseconds>(start - origin_),
                                 duration_cast<milliseconds>(Clock::now() - start)});
  };
  try {
    body();
  } catch (...) {
    record();
    throw;
  }
  record();
}

// One task per team makes the keys that a team's first task makes and that stay: without it they
// would count as left behind by the load.
void LoadExecution::WarmUp() {
  needs_.fleet->Spawn(1, Within(options_.spawn_within));
  std::set<std::string> teams_with_workers;
  for (const FleetWorker& worker :
       needs_.fleet->AwaitRegistered(Within(options_.register_within))) {
    if (worker.registered) teams_with_workers.insert(worker.team);
  }
  OpenJournals();
  for (const auto& drive : drives_) {
    WarmUpTeam(*drive, teams_with_workers.contains(drive->team()) ? kWarmUpTries : 1);
  }
  TakeBaseline();
}

void LoadExecution::OpenJournals() {
  for (const auto& [team, journal] : needs_.journals) {
    try {
      journal->MarkStart(options_.run_id);
      result_texts_[team] = journal->LearnResultTexts(options_.run_id);
    } catch (const EnvironmentError& error) {
      unreadable_[team] = error.what();
    }
  }
}

void LoadExecution::WarmUpTeam(TeamDrive& drive, int tries) {
  for (int number = 0; number < tries; ++number) {
    const Task task = WarmUpTask(load_, options_.run_id, drive.team(), number);
    drive.driver().Submit(task);
    bool done = false;
    TryUntil("a warm-up task of " + drive.team(), Within(options_.warm_up_within / kWarmUpTries),
             [&] {
               const auto record = drive.driver().Read(task.id);
               done = record.has_value() && (record->finished || record->failed);
               if (!done) throw EnvironmentError("it has not ended", "wait");
               drive.driver().Collect(task.id);
             });
    if (done) return;
  }
  // A stack that does not even do this is what the load will show.
}

void LoadExecution::TakeBaseline() {
  keys_before_ = needs_.redis_keys();
  objects_before_ = needs_.fleet->Objects();
  recording_.residue.keys_before = static_cast<std::int64_t>(keys_before_.size());
}

void LoadExecution::StartObservers() {
  for (const auto& drive : drives_) drive->Listen();
  probe_ = std::make_unique<RedisProbe>(needs_.redis_probe, origin_);
  Sampler::Sources sources;
  sources.memory = needs_.read_memory;
  sources.redis = needs_.read_redis;
  sources.ping = [this] { return probe_->LastPing(); };
  sources.finished = [this] { return ledger_.FinishedCount(); };
  sampler_ = std::make_unique<Sampler>(std::move(sources), load_.sample_every, origin_);
}

void LoadExecution::Spawn() {
  needs_.fleet->Spawn(load_.workers_per_team, Within(options_.spawn_within));
  workers_ = needs_.fleet->AwaitRegistered(Within(options_.register_within));
  for (const auto& drive : drives_) {
    std::set<std::string> registered;
    for (const FleetWorker& worker : workers_) {
      if (worker.team == drive->team() && worker.registered) registered.insert(worker.id);
    }
    drive->AddWorkers(registered);
  }
}

void LoadExecution::Load() {
  std::map<std::string, std::vector<Task>> tasks;
  std::vector<Task> all;
  for (const std::string& team : recording_.teams) {
    tasks[team] = TeamTasks(load_, options_.seed, options_.run_id, team);
    all.insert(all.end(), tasks[team].begin(), tasks[team].end());
  }
  load_start_ = Clock::now() + kLeadTime;
  recording_.started_utc = UtcNow();
  next_status_ = *load_start_ + load_.status_every;
  cpu_at_start_ = CpuSeconds();
  ledger_.Open(*load_start_, std::move(all));
  for (const auto& drive : drives_) drive->Submit(std::move(tasks[drive->team()]), *load_start_);
  WaitFor("all tasks to be submitted", Deadline(*load_start_ + load_.duration), [this] {
    return std::all_of(drives_.begin(), drives_.end(),
                       [](const auto& drive) { return drive->SubmittedAll(); });
  });
}

// Tasks that never end must not eat the time that stopping and cleaning up need, or a lost task
// would look like a slow stack as well: the drain gets half of what the wall clock leaves.
void LoadExecution::Drain() {
  const Clock::time_point planned_end = *load_start_ + load_.duration;
  const Clock::time_point last = spawn_started_ + load_.max_wall_clock;
  const auto budget = std::max<Clock::duration>((last - planned_end) / 2, kShortestDrain);
  WaitFor("all tasks to end", Deadline(planned_end + budget), [this] { return AllEnded(); });
  recording_.generator.cpu_seconds = CpuSeconds() - cpu_at_start_;
  const double elapsed = std::chrono::duration<double>(Clock::now() - *load_start_).count();
  recording_.generator.cpu_share = recording_.generator.cpu_seconds / elapsed;
}

void LoadExecution::StopWorkers() {
  ends_ = needs_.fleet->StopGracefully(Within(options_.stop_within));
  if (recording_.worker_events) {
    WaitFor("workers to say goodbye", Within(kGoodbyesWithin), [this] { return AllLeft(); });
  }
  for (const auto& drive : drives_) drive->Stop();
  failure_.Rethrow();
}

void LoadExecution::CleanUp() {
  const Deadline deadline = Within(kSettleWithin);
  for (const auto& drive : drives_) Settle(*drive, deadline);
  LookForResidue();
}

void LoadExecution::Settle(TeamDrive& drive, Deadline deadline) {
  const std::string& team = drive.team();
  for (const std::string& task : ledger_.Unsettled(team)) {
    TryUntil("the stack to tell about " + task, deadline, [&] {
      const auto record = drive.driver().Read(task);
      ledger_.Settle(task, record.has_value());
    });
  }
  for (const std::string& task : ledger_.Unended(team)) {
    TryUntil("the stack to tell about " + task, deadline, [&] {
      const auto record = drive.driver().Read(task);
      ledger_.Read(task, record.value_or(TaskRecord{.state = "nowhere"}));
    });
  }
  for (const std::string& task : ledger_.Uncollected(team)) {
    TryUntil("collecting " + task, deadline, [&] { drive.Collect(task); });
  }
}

void LoadExecution::LookForResidue() {
  ResidueRecord& residue = recording_.residue;
  const auto look = [&] {
    const std::set<std::string> keys = needs_.redis_keys();
    const FleetObjects objects = needs_.fleet->Objects();
    residue.keys_after = static_cast<std::int64_t>(keys.size());
    residue.keys = Added(keys_before_, keys);
    residue.containers = Added(objects_before_.containers, objects.containers);
    residue.networks = Added(objects_before_.networks, objects.networks);
    residue.checked = true;
    if (!residue.keys.empty() || !residue.containers.empty() || !residue.networks.empty()) {
      throw EnvironmentError("something is left", "wait");
    }
  };
  residue.reason = "Redis or the engine did not answer";
  TryUntil("nothing to be left", Within(options_.residue_within), look);
  if (residue.checked) residue.reason.clear();
}

void LoadExecution::ReadEvidence() {
  const std::vector<LedgerEntry> entries = ledger_.Entries();
  for (const std::string& team : recording_.teams) {
    EvidenceRecord record;
    record.team = team;
    record.reason = needs_.no_journal_reason;
    const auto journal = needs_.journals.find(team);
    if (const auto why = unreadable_.find(team); why != unreadable_.end()) {
      record.reason = why->second;
    } else if (journal != needs_.journals.end()) {
      try {
        record =
            VerifyEvidence(team, entries, journal->second->ReadSinceMark(), result_texts_[team]);
      } catch (const EnvironmentError& error) {
        record.reason = error.what();
      }
    }
    recording_.evidence.push_back(std::move(record));
  }
}

bool LoadExecution::WaitFor(const std::string& subject, Deadline deadline,
                            const std::function<bool()>& done) {
  try {
    Await(
        subject, deadline,
        [&] {
          failure_.Rethrow();
          if (Clock::now() >= next_status_) ReportStatus();
          if (Clock::now() >= next_progress_) ReportProgress();
          return done();
        },
        kLook);
    return true;
  } catch (const DeadlineExceeded&) {
    return false;
  }
}

void LoadExecution::ReportStatus() {
  next_status_ = Clock::now() + load_.status_every;
  if (needs_.on_status && load_start_.has_value()) needs_.on_status(StatusNow());
}

void LoadExecution::ReportProgress() {
  next_progress_ = Clock::now() + options_.progress_every;
  if (needs_.on_progress) needs_.on_progress(StatusNow());
}

LoadStatus LoadExecution::StatusNow() const {
  LoadStatus status;
  status.phase = phase_;
  status.duration = load_.duration;
  const std::vector<LedgerEntry> entries = ledger_.Entries();
  for (const auto& drive : drives_) {
    status.teams.push_back(
        MakeTeamStatus(drive->team(), drive->WorkersPresent(), entries, load_.min_tasks_per_team));
  }
  if (!load_start_.has_value()) return status;
  status.elapsed = duration_cast<milliseconds>(Clock::now() - *load_start_);
  status.resources = sampler_->Latest();
  return status;
}

bool LoadExecution::AllEnded() const {
  return std::all_of(drives_.begin(), drives_.end(),
                     [](const auto& drive) { return drive->AllEnded(); });
}

bool LoadExecution::AllLeft() const {
  for (const auto& drive : drives_) {
    const std::set<std::string> left = drive->WorkersLeft();
    for (const FleetWorker& worker : workers_) {
      if (worker.team == drive->team() && worker.registered && !WasKilled(worker.id) &&
          !left.contains(worker.id)) {
        return false;
      }
    }
  }
  return true;
}

// Who was killed says no goodbye.
bool LoadExecution::WasKilled(const std::string& worker) const {
  const auto end = ends_.find(worker);
  return end != ends_.end() && !end->second.exit_code;
}

void LoadExecution::RecordWorkers(const std::vector<LedgerEntry>& entries) {
  for (const FleetWorker& worker : workers_) {
    WorkerRecord record;
    record.id = worker.id;
    record.team = worker.team;
    record.container = worker.container;
    record.registered = worker.registered;
    if (const auto end = ends_.find(worker.id); end != ends_.end()) {
      record.exit_code = end->second.exit_code;
      record.restarts = end->second.restarts;
    }
    for (const auto& drive : drives_) {
      if (drive->team() == worker.team) record.left = drive->WorkersLeft().contains(worker.id);
    }
    for (const LedgerEntry& entry : entries) {
      if (entry.task.team != worker.team) continue;
      const auto did = [&](EventType type) {
        return std::any_of(entry.events.begin(), entry.events.end(), [&](const auto& event) {
          return event.type == type && event.worker == worker.id;
        });
      };
      if (did(EventType::kStarted)) ++record.tasks_given;
      if (did(EventType::kFinished)) ++record.tasks_finished;
    }
    recording_.workers.push_back(std::move(record));
  }
}

void LoadExecution::RecordGenerator() {
  LatencyHistogram lag;
  for (const auto& drive : drives_) lag.Merge(drive->lag());
  recording_.generator.worst_lag = duration_cast<milliseconds>(lag.maximum());
  recording_.generator.p99_lag = duration_cast<milliseconds>(lag.Percentile(0.99, 1).value_or(0us));
}

void LoadExecution::ShiftTimes() {
  const milliseconds start = duration_cast<milliseconds>(load_start_.value_or(origin_) - origin_);
  for (Phase& phase : recording_.phases) phase.start -= start;
  for (ResourceSample& sample : recording_.samples) sample.at -= start;
  recording_.pings.longest.at -= start;
  for (PingGap& gap : recording_.pings.gaps) gap.at -= start;
}

}  // namespace proving_ground
