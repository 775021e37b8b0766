#include "compose/services/coordinator/redis_task_store.h"

#include <cstdlib>
#include <string_view>
#include <utility>

namespace platform {
namespace {

using std::chrono::milliseconds;

// How much longer than the server a blocking command is waited for.
constexpr milliseconds kBlockingMargin{1000};

std::string Text(Epoch epoch) { return std::to_string(epoch); }
std::string Text(milliseconds duration) { return std::to_string(duration.count()); }

bool StartsWith(const char* text, std::string_view prefix) {
  return std::string_view(text).substr(0, prefix.size()) == prefix;
}

std::int64_t Number(const RedisReply& reply) {
  return reply.type == RedisReply::Type::kInteger ? reply.integer
                                                  : std::strtoll(reply.text.c_str(), nullptr, 10);
}

std::optional<std::string> TextUnlessNil(const RedisReply& reply) {
  if (reply.nil()) return std::nullopt;
  return reply.text;
}

Submission ReadSubmission(const RedisReply& reply) {
  const std::string& outcome = reply.elements.at(0).text;
  Submission submission;
  submission.state = reply.elements.at(1).text;
  submission.outcome = outcome == "accepted"   ? SubmitOutcome::kAccepted
                       : outcome == "known"    ? SubmitOutcome::kKnown
                       : outcome == "conflict" ? SubmitOutcome::kConflict
                                               : SubmitOutcome::kGone;
  return submission;
}

Event ReadEvent(const RedisReply& entry) {
  Event event;
  event.seq = entry.elements.at(0).text;
  const std::vector<RedisReply>& fields = entry.elements.at(1).elements;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& name = fields[i].text;
    const std::string& value = fields[i + 1].text;
    if (name == "type") event.type = value;
    if (name == "epoch") event.epoch = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "task") event.task = value;
    if (name == "worker") event.worker = value;
    if (name == "attempt") event.attempt = value;
  }
  return event;
}

}  // namespace

RedisTaskStore::RedisTaskStore(RedisClient& commands, RedisClient& blocking, Options options)
    : commands_(commands),
      blocking_(blocking),
      options_(std::move(options)),
      prefix_("team:" + options_.team + ":") {}

std::string RedisTaskStore::Key(std::string_view name) const { return prefix_ + std::string(name); }

asio::awaitable<RedisReply> RedisTaskStore::Run(const Script& script,
                                                std::vector<std::string> args) {
  std::vector<std::string> command{"EVALSHA", script.sha1(), "1", prefix_};
  command.insert(command.end(), args.begin(), args.end());
  for (;;) {
    try {
      co_return co_await commands_.Command(command);
    } catch (const RedisError& error) {
      if (StartsWith(error.what(), "FENCED")) throw Fenced(error.what());
      if (command[0] == "EVAL" || !StartsWith(error.what(), "NOSCRIPT")) throw;
    }
    command[0] = "EVAL";
    command[1] = script.text();
  }
}

asio::awaitable<Acquisition> RedisTaskStore::Acquire(std::string instance, milliseconds lease,
                                                     Epoch last_known) {
  std::vector<std::string> args{instance, Text(lease), Text(last_known),
                                Text(options_.worker_lease)};
  const RedisReply reply = co_await Run(AllScripts().acquire, std::move(args));
  Acquisition acquisition;
  acquisition.epoch = static_cast<Epoch>(Number(reply.elements.at(0)));
  acquisition.held_for = milliseconds(Number(reply.elements.at(1)));
  co_return acquisition;
}

asio::awaitable<void> RedisTaskStore::Renew(Epoch epoch, std::string instance, milliseconds lease) {
  std::vector<std::string> args{Text(epoch), instance, Text(lease), Text(options_.worker_lease)};
  co_await Run(AllScripts().renew, std::move(args));
}

asio::awaitable<void> RedisTaskStore::Release(Epoch epoch, std::string instance) {
  std::vector<std::string> args{Text(epoch), instance};
  co_await Run(AllScripts().release, std::move(args));
}

asio::awaitable<Submission> RedisTaskStore::Submit(Epoch epoch, Task task) {
  std::vector<std::string> args{Text(epoch), task.id, task.payload};
  const RedisReply reply = co_await Run(AllScripts().submit, std::move(args));
  co_return ReadSubmission(reply);
}

asio::awaitable<std::optional<std::string>> RedisTaskStore::TakeFromInbox(milliseconds wait) {
  const double seconds = static_cast<double>(wait.count()) / 1000;
  std::vector<std::string> command{"BLMOVE", Key("inbox"), Key("admitting"),
                                   "RIGHT",  "LEFT",       std::to_string(seconds)};
  const RedisReply reply = co_await blocking_.Command(std::move(command), wait + kBlockingMargin);
  co_return TextUnlessNil(reply);
}

asio::awaitable<std::optional<std::string>> RedisTaskStore::OldestTaken() {
  std::vector<std::string> command{"LINDEX", Key("admitting"), "-1"};
  const RedisReply reply = co_await commands_.Command(std::move(command));
  co_return TextUnlessNil(reply);
}

asio::awaitable<Submission> RedisTaskStore::Admit(Epoch epoch, std::string entry, Task task,
                                                  std::string rejection) {
  std::vector<std::string> args{Text(epoch), entry, task.id, task.payload, rejection};
  const RedisReply reply = co_await Run(AllScripts().admit, std::move(args));
  co_return ReadSubmission(reply);
}

asio::awaitable<void> RedisTaskStore::Reject(Epoch epoch, std::string entry,
                                             std::string rejection) {
  std::vector<std::string> args{Text(epoch), entry, rejection};
  co_await Run(AllScripts().reject, std::move(args));
}

asio::awaitable<FinishOutcome> RedisTaskStore::Finish(Epoch epoch, Claim claim, std::string outcome,
                                                      std::string result) {
  std::vector<std::string> args{Text(epoch),
                                claim.worker,
                                claim.task,
                                std::to_string(claim.attempt),
                                outcome,
                                result,
                                Text(options_.retention)};
  const RedisReply reply = co_await Run(AllScripts().finish, std::move(args));
  if (reply.text == "done") co_return FinishOutcome::kDone;
  co_return reply.text == "repeated" ? FinishOutcome::kRepeated : FinishOutcome::kStale;
}

asio::awaitable<CollectOutcome> RedisTaskStore::Collect(Epoch epoch, std::string task) {
  std::vector<std::string> args{Text(epoch), task};
  const RedisReply reply = co_await Run(AllScripts().collect, std::move(args));
  if (reply.text == "collected") co_return CollectOutcome::kCollected;
  co_return reply.text == "unfinished" ? CollectOutcome::kUnfinished : CollectOutcome::kAbsent;
}

asio::awaitable<bool> RedisTaskStore::Join(Epoch epoch, std::string worker) {
  std::vector<std::string> args{Text(epoch), worker, Text(options_.worker_lease),
                                Text(options_.retention)};
  const RedisReply reply = co_await Run(AllScripts().join, std::move(args));
  co_return Number(reply) == 1;
}

asio::awaitable<HeartbeatOutcome> RedisTaskStore::Heartbeat(Epoch epoch, Claim claim) {
  std::vector<std::string> args{Text(epoch),
                                claim.worker,
                                Text(options_.worker_lease),
                                Text(options_.retention),
                                claim.task,
                                claim.task.empty() ? "" : std::to_string(claim.attempt)};
  const RedisReply reply = co_await Run(AllScripts().heartbeat, std::move(args));
  if (reply.text == "ok") co_return HeartbeatOutcome::kOk;
  co_return reply.text == "lost" ? HeartbeatOutcome::kLeaseLost : HeartbeatOutcome::kUnregistered;
}

asio::awaitable<Lease> RedisTaskStore::Take(Epoch epoch, std::string worker, bool may_take) {
  std::vector<std::string> args{Text(epoch), worker, Text(options_.worker_lease),
                                Text(options_.retention), may_take ? "1" : "0"};
  const RedisReply reply = co_await Run(AllScripts().lease, std::move(args));
  Lease lease;
  const std::string& kind = reply.elements.at(0).text;
  if (kind == "unregistered") lease.kind = Lease::Kind::kUnregistered;
  if (kind != "task") co_return lease;
  lease.kind = Lease::Kind::kTask;
  lease.task.id = reply.elements.at(1).text;
  lease.attempt = Number(reply.elements.at(2));
  lease.task.payload = reply.elements.at(3).text;
  lease.resumed = Number(reply.elements.at(4)) == 1;
  co_return lease;
}

asio::awaitable<std::int64_t> RedisTaskStore::Leave(Epoch epoch, std::string worker) {
  std::vector<std::string> args{Text(epoch), worker};
  const RedisReply reply = co_await Run(AllScripts().leave, std::move(args));
  co_return Number(reply);
}

asio::awaitable<Reaped> RedisTaskStore::Reap(Epoch epoch, int limit) {
  std::vector<std::string> args{Text(epoch), std::to_string(limit)};
  const RedisReply reply = co_await Run(AllScripts().reap, std::move(args));
  Reaped reaped;
  reaped.requeued = Number(reply.elements.at(0));
  reaped.expired = Number(reply.elements.at(1));
  co_return reaped;
}

asio::awaitable<void> RedisTaskStore::Prolong(Epoch epoch) {
  std::vector<std::string> args{Text(epoch), Text(options_.worker_lease)};
  co_await Run(AllScripts().prolong, std::move(args));
}

asio::awaitable<std::optional<TaskRecord>> RedisTaskStore::Find(std::string task) {
  std::vector<std::string> command{"HMGET",      Key("task:" + task), "state",        "worker",
                                   "result",     "attempts",          "submitted_ms", "started_ms",
                                   "finished_ms"};
  const RedisReply reply = co_await commands_.Command(std::move(command));
  const std::vector<RedisReply>& fields = reply.elements;
  if (fields.at(0).nil()) co_return std::nullopt;
  TaskRecord record;
  record.state = fields[0].text;
  record.worker = fields.at(1).text;
  record.result = fields.at(2).text;
  record.attempts = Number(fields.at(3));
  record.submitted_ms = Number(fields.at(4));
  record.started_ms = Number(fields.at(5));
  record.finished_ms = Number(fields.at(6));
  co_return record;
}

asio::awaitable<std::vector<WorkerRecord>> RedisTaskStore::Workers() {
  std::vector<std::string> no_args;
  const RedisReply reply = co_await Run(AllScripts().workers, std::move(no_args));
  std::vector<WorkerRecord> workers;
  for (const RedisReply& element : reply.elements) {
    WorkerRecord worker;
    worker.id = element.elements.at(0).text;
    worker.task = element.elements.at(1).text;
    worker.last_seen_ms = Number(element.elements.at(2));
    worker.finished = Number(element.elements.at(3));
    workers.push_back(std::move(worker));
  }
  co_return workers;
}

asio::awaitable<Totals> RedisTaskStore::Count() {
  std::vector<std::string> no_args;
  const RedisReply reply = co_await Run(AllScripts().status, std::move(no_args));
  Totals totals;
  totals.queued = Number(reply.elements.at(0));
  totals.running = Number(reply.elements.at(1));
  totals.workers = Number(reply.elements.at(2));
  totals.accepted = Number(reply.elements.at(3));
  totals.finished = Number(reply.elements.at(4));
  totals.failed = Number(reply.elements.at(5));
  totals.requeued = Number(reply.elements.at(6));
  co_return totals;
}

asio::awaitable<std::vector<Event>> RedisTaskStore::EventsAfter(std::string seq, int limit) {
  std::vector<std::string> command{"XRANGE", Key("events"), "(" + seq,
                                   "+",      "COUNT",       std::to_string(limit)};
  const RedisReply reply = co_await commands_.Command(std::move(command));
  std::vector<Event> events;
  events.reserve(reply.elements.size());
  for (const RedisReply& entry : reply.elements) events.push_back(ReadEvent(entry));
  co_return events;
}

asio::awaitable<std::string> RedisTaskStore::LastEvent() {
  std::vector<std::string> command{"XREVRANGE", Key("events"), "+", "-", "COUNT", "1"};
  const RedisReply reply = co_await commands_.Command(std::move(command));
  co_return reply.elements.empty() ? "0-0" : reply.elements[0].elements.at(0).text;
}

}  // namespace platform
