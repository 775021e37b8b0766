// The phases of one load run, in order. Private to the load run.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/load/ledger.h"
#include "support/load/load_run.h"
#include "support/load/recording.h"
#include "support/load/team_drive.h"

namespace proving_ground {

class LoadExecution {
 public:
  LoadExecution(const LoadRunOptions& options, const LoadRunDependencies& needs);

  // Throws what breaks the run: EnvironmentError, Interrupted, or what a thread of the run met.
  void RunPhases();

  // Joins all threads and returns what was observed; `broken_by` is empty for a complete run.
  LoadRecording Finish(const std::string& broken_by);

 private:
  void InPhase(const std::string& name, const std::function<void()>& body);

  void WarmUp();
  void OpenJournals();
  void WarmUpTeam(TeamDrive& drive, int tries);
  void TakeBaseline();
  void StartObservers();
  void Spawn();
  void Load();
  void Drain();
  void StopWorkers();
  void CleanUp();
  void Settle(TeamDrive& drive, Deadline deadline);
  void LookForResidue();
  void ReadEvidence();

  // Waits with an eye on the threads and a status line now and then. False at the deadline.
  bool WaitFor(const std::string& subject, Deadline deadline, const std::function<bool()>& done);
  void ReportStatus();
  void ReportProgress();
  LoadStatus StatusNow() const;
  bool AllEnded() const;
  bool AllLeft() const;
  bool WasKilled(const std::string& worker) const;
  void RecordWorkers(const std::vector<LedgerEntry>& entries);
  void RecordGenerator();
  // Makes all times of the recording relative to the start of the load phase.
  void ShiftTimes();

  const LoadRunOptions& options_;
  const LoadRunDependencies& needs_;
  const LoadContract& load_;
  const Clock::time_point origin_ = Clock::now();
  LoadRecording recording_;
  std::string phase_;
  Clock::time_point spawn_started_;
  std::optional<Clock::time_point> load_start_;
  double cpu_at_start_ = 0;
  Clock::time_point next_status_;
  Clock::time_point next_progress_;
  std::map<std::string, ResultTexts> result_texts_;  // by team
  std::map<std::string, std::string> unreadable_;    // by team: why there is no evidence
  std::set<std::string> keys_before_;
  FleetObjects objects_before_;
  std::vector<FleetWorker> workers_;
  std::map<std::string, WorkerEnd> ends_;
  FirstFailure failure_;
  Ledger ledger_;
  // Last: their threads use all of the above.
  std::vector<std::unique_ptr<TeamDrive>> drives_;
  std::unique_ptr<RedisProbe> probe_;
  std::unique_ptr<Sampler> sampler_;
};

}  // namespace proving_ground
