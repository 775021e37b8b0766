// For tests: a stack in memory, with workers that take their time and a few ways to misbehave.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/load/evidence.h"
#include "support/load/load_run.h"

namespace proving_ground {

// What a stack may do wrong; each applies to the team's task of that number in submission order,
// counted from 1 without warm-up tasks. 0: never.
struct FakeFaults {
  int lose = 0;  // accepted, and gone
  int finish_twice = 0;
  int fake_work = 0;     // finished without a journal entry
  int unknown_kept = 0;  // taken, but the answer is lost
  int unknown_gone = 0;  // not taken, and no answer
  int refuse = 0;
  bool leave_key = false;
  bool kill_worker = false;         // the first worker has to be killed at the end
  bool nobody_registers = false;    // nor does anybody take a task
  std::function<void()> on_events;  // called by every look for events; may throw
};

// One team: driver and journal.
class FakeTeam : public TaskDriver, public Journal {
 public:
  FakeTeam(std::string team, FakeFaults faults) : team_(std::move(team)), faults_(faults) {}

  bool ReportsWorkers() const override { return true; }
  SubmitResult Submit(const Task& task) override;
  std::vector<StackEvent> NextEvents(std::chrono::milliseconds wait) override;
  std::optional<TaskRecord> Read(const std::string& task) override;
  std::optional<TaskRecord> Collect(const std::string& task) override;

  void MarkStart(const std::string& run_id) override;
  std::vector<JournalEntry> ReadSinceMark() override;
  ResultTexts LearnResultTexts(const std::string& run_id) override;

  void SetWorkers(int count);
  std::set<std::string> Workers();
  void WorkersLeave(const std::string& killed);  // who says no goodbye
  int WarmUpTasks();  // handed over
  std::set<std::string> Keys();

 private:
  struct Due {
    Clock::time_point at;
    StackEvent event;
  };
  // The work of a task from now on; returns the last proof and when it ends.
  std::pair<std::string, Clock::time_point> Work(const Task& task, const std::string& worker);
  void Tell(Clock::time_point at, EventType type, const std::string& task,
            const std::string& worker, int attempt);

  const std::string team_;
  const FakeFaults faults_;
  std::mutex mutex_;
  int submitted_ = 0;
  int warm_up_tasks_ = 0;
  int next_worker_ = 0;
  std::int64_t next_entry_ = 0;
  std::vector<std::string> workers_;
  std::multimap<Clock::time_point, StackEvent> due_;
  std::map<std::string, std::pair<Clock::time_point, TaskRecord>> tasks_;  // with their end
  std::vector<JournalEntry> journal_;
};

class FakeFleet : public WorkerFleet {
 public:
  FakeFleet(std::map<std::string, std::unique_ptr<FakeTeam>>& teams, FakeFaults faults)
      : teams_(teams), faults_(faults) {}

  void Spawn(int per_team, Deadline deadline) override;
  std::vector<FleetWorker> AwaitRegistered(Deadline deadline) override;
  std::map<std::string, WorkerEnd> StopGracefully(Deadline deadline) override;
  FleetObjects Objects() override;

 private:
  std::map<std::string, std::unique_ptr<FakeTeam>>& teams_;
  const FakeFaults faults_;
};

}  // namespace proving_ground
