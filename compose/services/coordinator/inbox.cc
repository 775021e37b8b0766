#include "compose/services/coordinator/inbox.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "compose/services/common/log.h"
#include "compose/services/common/redis_client.h"

namespace platform {
namespace {

// As HttpServer's limit on a submitted task.
constexpr std::size_t kMaxEntrySize = 1024 * 1024;
// Enough to recognise a rejected entry by.
constexpr std::size_t kQuotedSize = 4096;

std::string Rejection(const std::string& reason, const std::string& entry) {
  const nlohmann::json record = {{"reason", reason}, {"entry", entry.substr(0, kQuotedSize)}};
  return record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Inbox::Inbox(asio::any_io_executor executor, TaskStore& store, Leadership& leadership,
             Signals& signals, Metrics& metrics, Options options)
    : store_(store),
      leadership_(leadership),
      signals_(signals),
      metrics_(metrics),
      options_(options),
      wake_(std::move(executor)) {}

asio::awaitable<void> Inbox::Run() {
  while (!stopped_) {
    const std::uint64_t stop_seen = wake_.generation();
    const std::uint64_t leadership_seen = leadership_.changed().generation();
    std::optional<std::chrono::milliseconds> pause;
    try {
      if (leadership_.holds()) {
        co_await AdmitNext();
        continue;
      }
    } catch (const Fenced& error) {
      leadership_.Lost(error.what());
    } catch (const std::exception&) {
      pause = options_.pause;  // Redis is away, and its client logs that
    }
    may_be_left_ = true;
    if (pause) {
      co_await wake_.Wait(stop_seen, *pause);
    } else {
      co_await leadership_.changed().Wait(leadership_seen, options_.wait);
    }
  }
}

void Inbox::Stop() {
  stopped_ = true;
  wake_.Notify();
  leadership_.changed().Notify();
}

asio::awaitable<void> Inbox::AdmitNext() {
  std::optional<std::string> entry;
  if (may_be_left_) {
    entry = co_await store_.OldestTaken();
    may_be_left_ = entry.has_value();
  } else {
    entry = co_await store_.TakeFromInbox(options_.wait);
    // A superseded instance may have moved an entry just before it noticed: look when there is
    // time.
    may_be_left_ = !entry.has_value();
  }
  if (entry) co_await Admit(std::move(*entry));
}

asio::awaitable<void> Inbox::Admit(std::string entry) {
  std::string reason;
  Task task;
  try {
    if (entry.size() > kMaxEntrySize) throw InvalidTask("larger than 1 MiB");
    task = ParseTask(entry);
  } catch (const InvalidTask& error) {
    reason = error.what();
  }
  if (reason.empty()) {
    const std::string conflict = Rejection("another task has this id", entry);
    const Submission submission = co_await store_.Admit(leadership_.epoch(), entry, task, conflict);
    if (submission.outcome == SubmitOutcome::kConflict) reason = "another task has this id";
    if (submission.outcome == SubmitOutcome::kAccepted) {
      metrics_.accepted.Increment();
      signals_.queue.Notify();
      signals_.events.Notify();
    }
  } else {
    const std::string rejection = Rejection(reason, entry);
    co_await store_.Reject(leadership_.epoch(), entry, rejection);
  }
  if (!reason.empty()) {
    metrics_.rejected.Increment();
    Log(Level::kWarning, "inbox_entry_rejected", {{"reason", reason}});
  }
}

}  // namespace platform
