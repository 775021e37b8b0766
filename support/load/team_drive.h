// The two threads that drive one team: one submits tasks at their intended times, one listens to
// what becomes of them and collects what ended. Private to the load run.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/base/poll.h"
#include "support/load/histogram.h"
#include "support/load/ledger.h"
#include "support/load/task_driver.h"

namespace proving_ground {

// The first exception of any thread, for the thread that waits.
class FirstFailure {
 public:
  // Call inside a catch block.
  void Keep();
  // Throws what was kept.
  void Rethrow() const;

 private:
  mutable std::mutex mutex_;
  std::exception_ptr failure_;
};

class TeamDrive {
 public:
  TeamDrive(std::string team, TaskDriver& driver, Ledger& ledger, FirstFailure& failure)
      : team_(std::move(team)), driver_(driver), ledger_(ledger), failure_(failure) {}

  const std::string& team() const { return team_; }
  TaskDriver& driver() { return driver_; }

  // Starts the listening thread.
  void Listen();
  // Starts the submitting thread: each of `tasks`, which are sorted by arrival, at `start` +
  // arrival.
  void Submit(std::vector<Task> tasks, Clock::time_point start);
  bool SubmittedAll() const { return submitted_all_; }
  // All were submitted, and each has ended, or its answer was lost and the stack does not have it.
  bool AllEnded() const;
  // Ends and joins both threads; the driver is the caller's again.
  void Stop();

  // Adds workers that are known to be there without an event.
  void AddWorkers(const std::set<std::string>& workers);
  // Workers that are there now.
  int WorkersPresent() const;
  // Workers that said goodbye.
  std::set<std::string> WorkersLeft() const;

  // How late each task was submitted through our own fault; after Stop.
  const LatencyHistogram& lag() const { return lag_; }

  // Reads and removes the final record of a task. Throws EnvironmentError.
  void Collect(const std::string& task);

 private:
  void RunListener(const std::stop_token& stop);
  void RunSubmitter(const std::stop_token& stop, const std::vector<Task>& tasks,
                    Clock::time_point start);
  void Handle(const StackEvent& event, Clock::time_point seen);
  void HandleWorker(const StackEvent& event);
  // Asks the stack about tasks whose answer was lost, once no other is open.
  void AskForUnknown();

  const std::string team_;
  TaskDriver& driver_;
  Ledger& ledger_;
  FirstFailure& failure_;
  std::atomic<bool> submitted_all_ = false;
  LatencyHistogram lag_;
  mutable std::mutex mutex_;
  std::set<std::string> present_;
  std::set<std::string> left_;
  std::set<std::string> absent_;  // tasks whose answer was lost and that the stack does not have
  std::optional<Clock::time_point> only_unknown_since_;  // the listener's
  std::jthread submitter_;
  std::jthread listener_;
};

}  // namespace proving_ground
