#include "support/faults/probe/probe_run.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "support/faults/probe/probe_lines.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kStartPace{10};  // of looking whether all targets are known
constexpr seconds kLastFlush{5};

bool IsReadable(int descriptor) {
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

ProbeRun::ProbeRun(ProbeConfig config, const MakeLookup& make_lookup, int output)
    : config_(std::move(config)),
      writer_(output),
      coordinator_(config_.coordinator, make_lookup),
      tasks_(
          OperationKind::kTask, requests_, coordinator_, config_.patience,
          [this](std::int64_t number) { return TaskRequest(config_, coordinator_, number); },
          [this](const ProbeSettled& operation) { OnSettled(operation); }),
      reader_(requests_, coordinator_, config_.id_prefix,
              [this](const TaskEvent& event) { OnEvent(event); }) {
  if (!config_.writes) return;
  gateway_.emplace(config_.writes->gateway, make_lookup);
  writes_.emplace(
      OperationKind::kWrite, requests_, *gateway_, config_.patience,
      [this](std::int64_t number) { return WriteRequest(config_, *gateway_, number); },
      [this](const ProbeSettled& operation) { OnSettled(operation); });
}

void ProbeRun::Execute(int stop) {
  writer_.Add(Format(ProbeStarted{started_}));
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (!stopped_ && (now >= LastIssue() || IsReadable(stop))) stopped_ = now;
    if (IsOver(now)) break;
    if (now >= reader_.due()) reader_.Ask();
    if (!stopped_) IssueWhatIsDue(now);
    writer_.Flush();
    // Once it has asked for the end, `stop` would only keep the loop spinning.
    requests_.Serve(NextWake(now), stopped_ ? -1 : stop);
  }
  writer_.Add(Format(Summary()));
  writer_.FlushAll(Within(kLastFlush));
}

void ProbeRun::IssueWhatIsDue(Clock::time_point now) {
  if (!task_schedule_) BeginIssuing(now);
  if (!task_schedule_) return;
  while (task_schedule_->Take(Clock::now(), lag_)) tasks_.Issue();
  while (write_schedule_ && write_schedule_->Take(Clock::now(), lag_)) writes_->Issue();
}

void ProbeRun::BeginIssuing(Clock::time_point now) {
  const bool ready = reader_.knows_place() && (!gateway_ || gateway_->IsKnown());
  if (!ready && now < started_ + config_.patience) return;
  task_schedule_.emplace(now, config_.every);
  if (config_.writes) write_schedule_.emplace(now, config_.writes->every);
}

bool ProbeRun::IsOver(Clock::time_point now) const {
  if (!stopped_) return false;
  if (now >= started_ + config_.longest_life) return true;
  if (tasks_.open() > 0 || (writes_ && writes_->open() > 0)) return false;
  return book_.unfinished() == 0 || now >= *stopped_ + config_.drain;
}

Clock::time_point ProbeRun::LastIssue() const {
  return started_ + config_.longest_life - config_.patience;
}

Clock::time_point ProbeRun::NextWake(Clock::time_point now) const {
  Clock::time_point wake = std::min(reader_.due(), writer_.due());
  if (stopped_) {
    const Clock::time_point drained = *stopped_ + config_.drain;
    return std::min(wake, drained > now ? drained : started_ + config_.longest_life);
  }
  wake = std::min(wake, LastIssue());
  if (!task_schedule_) return std::min({wake, started_ + config_.patience, now + kStartPace});
  if (write_schedule_) wake = std::min(wake, write_schedule_->next());
  return std::min(wake, task_schedule_->next());
}

void ProbeRun::OnSettled(const ProbeSettled& operation) {
  if (operation.kind == OperationKind::kTask && operation.outcome == OperationOutcome::kOk) {
    book_.Take(operation.number);
  }
  writer_.Add(Format(operation));
}

void ProbeRun::OnEvent(const TaskEvent& event) {
  if (event.number >= tasks_.issued()) return;
  // A task whose answer was lost is known to be taken by its events.
  if (event.type == TaskEvent::Type::kTaken) return book_.Take(event.number);
  book_.End(event.number);
  if (event.type == TaskEvent::Type::kFinished) {
    writer_.Add(Format(ProbeFinish{event.number, event.seen, event.worker, event.attempt}));
  }
}

ProbeEnded ProbeRun::Summary() const {
  const auto left_out = [](const std::optional<Schedule>& schedule) {
    return schedule ? schedule->left_out() : 0;
  };
  return {Clock::now(), lag_.worst(), lag_.P99(),
          left_out(task_schedule_) + left_out(write_schedule_)};
}

}  // namespace proving_ground
