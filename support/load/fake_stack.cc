#include "support/load/fake_stack.h"

#include <algorithm>
#include <utility>

#include "support/load/proof.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

std::int64_t UnixMs(Clock::time_point moment) {
  return std::chrono::duration_cast<milliseconds>(moment.time_since_epoch()).count();
}

}  // namespace

SubmitResult FakeTeam::Submit(const Task& task) {
  const std::lock_guard lock(mutex_);
  const bool warm_up = task.id.find("warm-up") != std::string::npos;
  const int number = warm_up ? -1 : ++submitted_;
  if (warm_up) ++warm_up_tasks_;
  if (number == faults_.refuse) return {SubmitOutcome::kRefused, "queue full"};
  if (number == faults_.unknown_gone) return {SubmitOutcome::kUnknown, "no answer"};
  const Clock::time_point now = Clock::now();
  if (number == faults_.lose || faults_.nobody_registers) {
    Tell(now, EventType::kAccepted, task.id, "", 0);
    return {SubmitOutcome::kAccepted, ""};
  }
  const std::string worker =
      workers_.at(static_cast<std::size_t>(next_worker_++) % workers_.size());
  std::pair<std::string, Clock::time_point> done{"made up", now + ThinkTime(task)};
  if (number != faults_.fake_work) done = Work(task, worker);
  if (number != faults_.unknown_kept) Tell(now, EventType::kAccepted, task.id, "", 0);
  if (number != faults_.unknown_kept) Tell(now, EventType::kStarted, task.id, worker, 1);
  tasks_[task.id] = {done.second, TaskRecord{.state = "finished",
                                             .finished = true,
                                             .worker = worker,
                                             .attempts = 1,
                                             .proof = done.first}};
  // Without its events only reading tells what became of a task.
  if (number == faults_.unknown_kept) return {SubmitOutcome::kUnknown, "no answer"};
  Tell(done.second, EventType::kFinished, task.id, worker, 1);
  if (number == faults_.finish_twice) Tell(done.second, EventType::kFinished, task.id, worker, 1);
  return {SubmitOutcome::kAccepted, ""};
}

int FakeTeam::WarmUpTasks() {
  const std::lock_guard lock(mutex_);
  return warm_up_tasks_;
}

std::vector<StackEvent> FakeTeam::NextEvents(milliseconds wait) {
  if (faults_.on_events) faults_.on_events();
  const Clock::time_point until = Clock::now() + std::min(wait, 5ms);
  PauseUntil(until);
  const std::lock_guard lock(mutex_);
  std::vector<StackEvent> events;
  const auto end = due_.upper_bound(Clock::now());
  for (auto item = due_.begin(); item != end; ++item) events.push_back(item->second);
  due_.erase(due_.begin(), end);
  return events;
}

std::optional<TaskRecord> FakeTeam::Read(const std::string& task) {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return std::nullopt;
  if (Clock::now() < found->second.first) return TaskRecord{.state = "running"};
  return found->second.second;
}

std::optional<TaskRecord> FakeTeam::Collect(const std::string& task) {
  const auto record = Read(task);
  const std::lock_guard lock(mutex_);
  tasks_.erase(task);
  return record;
}

void FakeTeam::MarkStart(const std::string&) {
  const std::lock_guard lock(mutex_);
  journal_.clear();
}

std::vector<JournalEntry> FakeTeam::ReadSinceMark() {
  const std::lock_guard lock(mutex_);
  return journal_;
}

ResultTexts FakeTeam::LearnResultTexts(const std::string&) {
  return {{Call::kMemoryPut, {"stored"}}, {Call::kMemoryDelete, {"deleted", "nothing"}}};
}

void FakeTeam::SetWorkers(int count) {
  const std::lock_guard lock(mutex_);
  for (int i = static_cast<int>(workers_.size()); i < count; ++i) {
    workers_.push_back(team_ + "-" + std::to_string(i + 1));
    Tell(Clock::now(), EventType::kRegistered, "", workers_.back(), 0);
  }
}

std::set<std::string> FakeTeam::Workers() {
  const std::lock_guard lock(mutex_);
  return {workers_.begin(), workers_.end()};
}

void FakeTeam::WorkersLeave(const std::string& killed) {
  const std::lock_guard lock(mutex_);
  for (const std::string& worker : workers_) {
    if (worker != killed) Tell(Clock::now(), EventType::kLeft, "", worker, 0);
  }
  workers_.clear();
}

std::set<std::string> FakeTeam::Keys() {
  const std::lock_guard lock(mutex_);
  std::set<std::string> keys;
  for (const auto& [task, record] : tasks_) keys.insert("team:" + team_ + ":task:" + task);
  if (!journal_.empty()) keys.insert("team:" + team_ + ":journal");
  if (faults_.leave_key && submitted_ > 0) keys.insert("team:" + team_ + ":left");
  return keys;
}

std::pair<std::string, Clock::time_point> FakeTeam::Work(const Task& task,
                                                         const std::string& worker) {
  Clock::time_point now = Clock::now();
  std::string proof = FirstProof(task.nonce);
  const std::vector<Call> calls = CallsOf(task);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (i > 0) now += task.gaps[i - 1];
    std::string text = calls[i] == Call::kMemoryPut ? "stored" : "deleted";
    if (calls[i] == Call::kJournalAppend) {
      text = std::to_string(++next_entry_);
      journal_.push_back(
          {text, task.id + " 1 " + worker + " " + std::to_string(i) + " " + proof, UnixMs(now)});
    }
    proof = NextProof(proof, text);
  }
  return {proof, now};
}

void FakeTeam::Tell(Clock::time_point at, EventType type, const std::string& task,
                    const std::string& worker, int attempt) {
  due_.emplace(at, StackEvent{type, task, worker, attempt, UnixMs(at)});
}

void FakeFleet::Spawn(int per_team, Deadline) {
  for (auto& [name, team] : teams_) team->SetWorkers(per_team);
}

std::vector<FleetWorker> FakeFleet::AwaitRegistered(Deadline) {
  std::vector<FleetWorker> workers;
  for (auto& [name, team] : teams_) {
    for (const std::string& worker : team->Workers()) {
      workers.push_back({worker, name, "container-" + worker, !faults_.nobody_registers});
    }
  }
  return workers;
}

std::map<std::string, WorkerEnd> FakeFleet::StopGracefully(Deadline) {
  std::map<std::string, WorkerEnd> exits;
  for (auto& [name, team] : teams_) {
    for (const std::string& worker : team->Workers()) exits[worker] = {.exit_code = 0};
  }
  std::string killed;
  if (faults_.kill_worker) {
    killed = exits.begin()->first;
    exits.begin()->second.exit_code = std::nullopt;
  }
  for (auto& [name, team] : teams_) team->WorkersLeave(killed);
  return exits;
}

FleetObjects FakeFleet::Objects() {
  FleetObjects objects{{"redis"}, {"backend"}};
  for (auto& [name, team] : teams_) {
    for (const std::string& worker : team->Workers()) objects.containers.insert(worker);
  }
  return objects;
}

}  // namespace proving_ground
