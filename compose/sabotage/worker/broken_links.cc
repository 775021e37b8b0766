#include <cstdlib>
#include <memory>

#include "compose/sabotage/worker/broken_workers.h"
#include "compose/services/common/shutdown.h"

namespace platform {
namespace {

using boost::asio::awaitable;
using Executor = WorkerParts::Executor;

// Talks to the coordinator as production does; each defect overrides what it breaks.
class BrokenLink : public CoordinatorLink {
 public:
  explicit BrokenLink(std::unique_ptr<CoordinatorLink> link) : link_(std::move(link)) {}
  awaitable<Registration> Register() override { co_return co_await link_->Register(); }
  awaitable<Answer> Heartbeat(std::optional<TaskRef> task) override {
    co_return co_await link_->Heartbeat(std::move(task));
  }
  awaitable<LeaseAnswer> Lease(std::chrono::milliseconds wait) override {
    co_return co_await link_->Lease(wait);
  }
  awaitable<Answer> Finish(TaskRef task, TaskOutcome outcome) override {
    co_return co_await link_->Finish(std::move(task), std::move(outcome));
  }
  awaitable<void> Leave() override { co_await link_->Leave(); }
  void Abort() override { link_->Abort(); }

 private:
  std::unique_ptr<CoordinatorLink> link_;
};

// Goes without a word.
class NeverLeaves : public BrokenLink {
 public:
  using BrokenLink::BrokenLink;
  awaitable<void> Leave() override { co_return; }
};

// Cannot make itself known.
class NeverRegisters : public BrokenLink {
 public:
  using BrokenLink::BrokenLink;
  awaitable<Registration> Register() override {
    throw CoordinatorUnavailable("it is not asked");
    co_return Registration{};
  }
};

// Throws the outcome of its task away when the coordinator is not there to take it.
class ForgetsResults : public BrokenLink {
 public:
  using BrokenLink::BrokenLink;
  awaitable<Answer> Finish(TaskRef task, TaskOutcome outcome) override {
    try {
      co_return co_await BrokenLink::Finish(std::move(task), std::move(outcome));
    } catch (const CoordinatorUnavailable&) {
    }
    co_return Answer::kStale;
  }
};

// Ends when its coordinator is away, and counts on being started anew.
class DiesWithCoordinator : public BrokenLink {
 public:
  using BrokenLink::BrokenLink;
  awaitable<LeaseAnswer> Lease(std::chrono::milliseconds wait) override {
    try {
      co_return co_await BrokenLink::Lease(wait);
    } catch (const CoordinatorUnavailable&) {
      if (served_) std::_Exit(EXIT_FAILURE);
      throw;
    }
  }
  awaitable<Registration> Register() override {
    const Registration registration = co_await BrokenLink::Register();
    served_ = true;
    co_return registration;
  }
  awaitable<Answer> Heartbeat(std::optional<TaskRef> task) override {
    try {
      co_return co_await BrokenLink::Heartbeat(std::move(task));
    } catch (const CoordinatorUnavailable&) {
      std::_Exit(EXIT_FAILURE);
    }
  }

 private:
  bool served_ = false;  // this link's own: a worker has two
};

template <typename Broken>
WorkerParts WithLink() {
  WorkerParts parts;
  const auto production = parts.make_coordinator_link;
  parts.make_coordinator_link = [production](const Executor& executor,
                                             const WorkerOptions& options) {
    return std::make_unique<Broken>(production(executor, options));
  };
  return parts;
}

WorkerParts WithShutdown(std::function<void(Shutdown&, std::function<void()>)> on_shutdown) {
  WorkerParts parts;
  parts.on_shutdown = std::move(on_shutdown);
  return parts;
}

}  // namespace

void AddBrokenLinks(BrokenWorkers& workers) {
  workers["never-leaves"] = WithLink<NeverLeaves>();
  workers["never-registers"] = WithLink<NeverRegisters>();
  workers["forgets-results"] = WithLink<ForgetsResults>();
  workers["dies-with-coordinator"] = WithLink<DiesWithCoordinator>();
  workers["ignores-sigterm"] = WithShutdown([](Shutdown&, std::function<void()>) {});
  workers["fails-at-its-end"] = WithShutdown([](Shutdown& shutdown, std::function<void()> drain) {
    shutdown.OnSignal([drain = std::move(drain)] {
      std::atexit([] { std::_Exit(EXIT_FAILURE); });
      drain();
    });
  });
  workers["drops-everything-at-its-end"] =
      WithShutdown([](Shutdown& shutdown, std::function<void()>) {
        shutdown.OnSignal([] { std::_Exit(EXIT_SUCCESS); });
      });
}

}  // namespace platform
