#include "support/faults/probe/probe_record.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace proving_ground {

void ProbeRecord::Add(std::string_view line) {
  const std::lock_guard lock(mutex_);
  try {
    std::visit([this](const auto& alternative) { Take(alternative); }, ParseProbeLine(line));
  } catch (const std::exception& error) {
    if (failure_.empty()) failure_ = error.what();
  }
}

void ProbeRecord::Take(const ProbeSettled& line) {
  Operations& operations = line.kind == OperationKind::kTask ? tasks_ : writes_;
  const auto index = static_cast<std::size_t>(line.number);
  if (index >= operations.size()) operations.resize(index + 1);
  Operation operation;
  operation.kind = line.kind;
  operation.id = OperationId(id_prefix_, line.kind, line.number);
  operation.issued = line.issued;
  operation.settled = line.settled;
  operation.outcome = line.outcome;
  operation.status = line.status;
  operation.reason = line.reason;
  if (line.kind == OperationKind::kTask) {
    if (auto finish = early_finishes_.extract(line.number)) {
      operation.finished = finish.mapped().at;
      operation.worker = std::move(finish.mapped().worker);
    }
  }
  operations[index] = std::move(operation);
}

// Of several finishes of one task the first counts.
void ProbeRecord::Take(const ProbeFinish& line) {
  const auto index = static_cast<std::size_t>(line.number);
  if (index >= tasks_.size() || !tasks_[index]) {
    early_finishes_.try_emplace(line.number, Finish{line.at, line.worker});
  } else if (!tasks_[index]->finished) {
    tasks_[index]->finished = line.at;
    tasks_[index]->worker = line.worker;
  }
}

void ProbeRecord::Take(const ProbeEnded& line) { ended_ = line; }

void ProbeRecord::Take(const ProbeTrouble& line) { failure_ = line.message; }

History ProbeRecord::Settled() const { return Merge(/*up_to_first_missing=*/true); }

History ProbeRecord::All() const { return Merge(/*up_to_first_missing=*/false); }

History ProbeRecord::Merge(bool up_to_first_missing) const {
  History history;
  {
    const std::lock_guard lock(mutex_);
    for (const Operations* operations : {&tasks_, &writes_}) {
      for (const std::optional<Operation>& operation : *operations) {
        if (!operation && up_to_first_missing) break;
        if (operation) history.push_back(*operation);
      }
    }
  }
  std::stable_sort(history.begin(), history.end(),
                   [](const Operation& a, const Operation& b) { return a.issued < b.issued; });
  return history;
}

bool ProbeRecord::Served(int count, Clock::time_point since, std::string& seen) const {
  const std::lock_guard lock(mutex_);
  int run = 0;
  int longest = 0;
  for (std::size_t i = tasks_.size(); i-- > 0 && longest < count;) {
    const std::optional<Operation>& task = tasks_[i];
    const bool served = task && task->outcome == OperationOutcome::kOk && task->finished;
    run = served ? run + 1 : 0;
    // The newest of the run: when that was issued too early, so were all that follow.
    const bool in_time = run > 0 && tasks_[i + run - 1]->issued >= since;
    if (in_time) longest = std::max(longest, run);
    if (!in_time && task && task->issued < since) break;
  }
  seen = std::to_string(longest) + " tasks in a row served";
  return longest >= count;
}

std::optional<ProbeEnded> ProbeRecord::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

std::string ProbeRecord::Failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace proving_ground
