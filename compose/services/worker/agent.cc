#include "compose/services/worker/agent.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <random>

#include "compose/services/common/log.h"

namespace platform {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A coordinator under load, or one that has just lost its lead, hears the second.
constexpr int kGoodbyes = 3;

Agent::Agent(const asio::any_io_executor& executor, CoordinatorLink& work, CoordinatorLink& pulse,
             TaskExecutor& tasks, Options options)
    : executor_(executor),
      work_(work),
      pulse_(pulse),
      tasks_(tasks),
      options_(std::move(options)),
      backoff_(options_.retry_minimum, options_.retry_maximum, std::random_device{}()),
      work_pause_(executor),
      pulse_pause_(executor),
      drain_timer_(executor) {}

asio::awaitable<void> Agent::Run() {
  Pause heartbeats_over(executor_);
  bool heartbeats_running = true;
  asio::co_spawn(executor_, HeartbeatLoop(), [&](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);  // A worker without heartbeats must not linger.
    heartbeats_running = false;
    heartbeats_over.Wake();
  });
  co_await WorkLoop();
  drain_timer_.cancel();
  ended_ = true;
  pulse_pause_.Wake();
  pulse_.Abort();
  // Only then say goodbye: a heartbeat after it would learn that the worker is unknown and register
  // it again.
  while (heartbeats_running) co_await heartbeats_over.For(std::chrono::seconds(1));
  co_await Leave();
}

void Agent::Stop() {
  if (stopping_) return;
  stopping_ = true;
  Log(Level::kInfo, "draining", {{"task", current_ ? current_->id : ""}});
  work_pause_.Wake();
  // A request for a task may wait long, and nothing would be done with the answer.
  if (!current_) work_.Abort();
  drain_timer_.expires_after(options_.drain);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) GiveUpDraining();
  });
}

void Agent::GiveUpDraining() {
  drained_ = true;
  Log(Level::kWarning, "drain_deadline_passed", {{"task", current_ ? current_->id : ""}});
  tasks_.Abandon();
  work_pause_.Wake();
  work_.Abort();
}

asio::awaitable<void> Agent::WorkLoop() {
  while (!stopping_) {
    const auto start = steady_clock::now();
    milliseconds wait{0};
    bool worked = false;
    try {
      if (!registered_) {
        co_await Register(work_);
      } else {
        worked = co_await TakeTask();
      }
      // A coordinator that says "nothing" at once, time and again, is not asked without a pause.
      const bool hasty = steady_clock::now() - start < options_.retry_minimum;
      if (!worked && hasty) wait = options_.retry_minimum;
      backoff_.Reset();
    } catch (const CoordinatorUnavailable& error) {
      if (!stopping_) Lost(error.what());
      wait = backoff_.Next();
    }
    if (!stopping_ && wait > milliseconds(0)) co_await work_pause_.For(wait);
  }
}

asio::awaitable<bool> Agent::TakeTask() {
  LeaseAnswer lease = co_await work_.Lease(std::min(options_.poll, registration_.lease));
  if (lease.answer == Answer::kStale || lease.answer == Answer::kRefused) {
    throw CoordinatorUnavailable("the coordinator refused a request for a task");
  }
  Reached();
  if (lease.answer == Answer::kUnknownWorker) registered_ = false;
  if (!lease.task) co_return false;
  co_await Perform(std::move(*lease.task));
  co_return true;
}

asio::awaitable<void> Agent::Perform(Task task) {
  const TaskRef ref = task.ref;
  current_ = ref;
  std::optional<TaskOutcome> outcome = co_await tasks_.Execute(std::move(task));
  if (outcome) {
    co_await Report(ref, std::move(*outcome));
  } else {
    Log(Level::kWarning, "task_abandoned", {{"task", ref.id}, {"attempt", ref.attempt}});
  }
  current_.reset();
}

asio::awaitable<void> Agent::Report(TaskRef task, TaskOutcome outcome) {
  if (!outcome.finished) {
    Log(Level::kWarning, "task_failed",
        {{"task", task.id}, {"attempt", task.attempt}, {"reason", outcome.reason}});
  }
  bool unknown_before = false;
  while (!drained_) {
    milliseconds wait{0};
    try {
      const Answer answer = co_await TryToReport(task, outcome);
      backoff_.Reset();
      if (answer == Answer::kAccepted) co_return;
      // "Unknown" even right after a registration means the task, not the worker.
      if (answer != Answer::kUnknownWorker || unknown_before) {
        Log(Level::kWarning, "report_refused", {{"task", task.id}, {"attempt", task.attempt}});
        co_return;
      }
      unknown_before = true;
    } catch (const CoordinatorUnavailable& error) {
      Lost(error.what());
      wait = backoff_.Next();
    }
    if (!drained_ && wait > milliseconds(0)) co_await work_pause_.For(wait);
  }
}

asio::awaitable<Answer> Agent::TryToReport(TaskRef task, TaskOutcome outcome) {
  if (!registered_) co_await Register(work_);
  const Answer answer = co_await work_.Finish(std::move(task), std::move(outcome));
  Reached();
  if (answer == Answer::kUnknownWorker) registered_ = false;
  co_return answer;
}

asio::awaitable<void> Agent::Leave() {
  std::string reason;
  backoff_.Reset();
  for (int goodbye = 0; goodbye < kGoodbyes; ++goodbye) {
    if (goodbye > 0) co_await work_pause_.For(backoff_.Next());
    try {
      co_await work_.Leave();
      Log(Level::kInfo, "left");
      co_return;
    } catch (const CoordinatorUnavailable& error) {
      reason = error.what();
    }
  }
  // It will miss our heartbeats.
  Log(Level::kWarning, "left_unnoticed", {{"reason", reason}});
}

asio::awaitable<void> Agent::HeartbeatLoop() {
  while (!ended_) {
    options_.beat();
    // Without a task the requests for one are sign of life enough.
    if (registered_ && current_) co_await SendHeartbeat();
    if (!ended_) co_await pulse_pause_.For(HeartbeatInterval());
  }
}

asio::awaitable<void> Agent::SendHeartbeat() {
  const std::optional<TaskRef> task = current_;
  try {
    const Answer answer = co_await pulse_.Heartbeat(task);
    pulse_failed_ = false;
    if (answer == Answer::kUnknownWorker) {
      co_await Register(pulse_);
      pulse_failed_ =
          true;  // The next heartbeat, which tells what task is in hand, shall follow soon.
    } else if (answer == Answer::kStale && task && current_ == task) {
      Log(Level::kWarning, "lease_lost", {{"task", task->id}, {"attempt", task->attempt}});
      tasks_.Abandon();
    }
  } catch (const CoordinatorUnavailable& error) {
    pulse_failed_ = true;
    if (!ended_) Lost(error.what());
  }
}

milliseconds Agent::HeartbeatInterval() const {
  if (pulse_failed_) return std::min(registration_.heartbeat, options_.retry_maximum) / 2;
  return registration_.heartbeat;
}

asio::awaitable<void> Agent::Register(CoordinatorLink& link) {
  registration_ = co_await link.Register();
  registered_ = true;
  reachable_ = true;
  Log(Level::kInfo, "registered");
  if (&link == &work_) pulse_pause_.Wake();
}

void Agent::Lost(const std::string& reason) {
  if (reachable_) Log(Level::kWarning, "coordinator_unavailable", {{"reason", reason}});
  reachable_ = false;
}

void Agent::Reached() {
  if (!reachable_) Log(Level::kInfo, "coordinator_available");
  reachable_ = true;
}

}  // namespace platform
