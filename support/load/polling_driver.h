// Base of the drivers whose stack has no feed of events: states of open tasks are looked up
// instead.
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/contract/contract.h"
#include "support/load/task_driver.h"

namespace proving_ground {

class PollingDriver : public TaskDriver {
 public:
  // States say neither which worker has a task nor when workers come and leave.
  bool ReportsWorkers() const override { return false; }

  // Looks up every open task, contract.poll_every after the last look. Only ends are reported, as
  // seen now: states in between may be passed over unseen.
  std::vector<StackEvent> NextEvents(std::chrono::milliseconds wait) override;

 protected:
  explicit PollingDriver(const DriverContract& contract) : contract_(contract) {}

  // Submit calls it before the stack can have the task.
  void Watch(const std::string& task);
  void Forget(const std::string& task);
  // A record from the stack's word for a state.
  TaskRecord FromState(const std::string& state) const;

  const DriverContract contract_;

 private:
  std::mutex mutex_;
  std::set<std::string> open_;
  Clock::time_point next_look_ = Clock::now();
};

}  // namespace proving_ground
