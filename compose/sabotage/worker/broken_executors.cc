#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "compose/sabotage/worker/broken_workers.h"
#include "compose/services/worker/pause.h"
#include "compose/services/worker/proof_chain.h"
#include "compose/services/worker/task_runner.h"

namespace platform {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using Executor = WorkerParts::Executor;

// Does tasks as production does; each defect overrides what it breaks.
class BrokenExecutor : public TaskExecutor {
 public:
  BrokenExecutor(const Executor& executor, ToolCaller& tools, const WorkerOptions& options)
      : runner_(executor, tools, {.worker_id = options.id}), pause_(executor) {}

  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    ++count_;
    co_return co_await runner_.Execute(std::move(task));
  }
  void Abandon() override {
    runner_.Abandon();
    pause_.Wake();
  }

 protected:
  int count() const { return count_; }
  Pause& pause() { return pause_; }

 private:
  TaskRunner runner_;
  Pause pause_;
  int count_ = 0;  // tasks so far
};

// Says that a task is done, and does nothing.
class SkipsWork : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    TaskOutcome outcome;
    outcome.finished = true;
    outcome.proof = ProofChain(task.nonce).value();
    outcome.steps = task.steps.size();
    co_await pause().For(milliseconds(50));
    co_return outcome;
  }
};

// Crashes in the middle of its third task.
class Crashes : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    if (count() == 2) {
      co_await pause().For(milliseconds(50));
      std::abort();
    }
    co_return co_await BrokenExecutor::Execute(std::move(task));
  }
};

// Fails every fourth task.
class FailsTasks : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    std::optional<TaskOutcome> outcome = co_await BrokenExecutor::Execute(std::move(task));
    if (outcome && count() % 4 == 0) {
      outcome->finished = false;
      outcome->reason = "out of luck";
    }
    co_return outcome;
  }
};

// Never comes to an end with its third task, and keeps it.
class KeepsATask : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    if (count() == 2) {
      co_await pause().For(std::chrono::hours(1));
      co_return std::nullopt;
    }
    co_return co_await BrokenExecutor::Execute(std::move(task));
  }
};

// Keeps a mebibyte for each task.
class LeaksMemory : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    constexpr std::size_t kSize = 1 << 20;
    kept_.push_back(std::make_unique<char[]>(kSize));
    std::memset(kept_.back().get(), 1, kSize);  // memory counts once it is touched
    co_return co_await BrokenExecutor::Execute(std::move(task));
  }

 private:
  std::vector<std::unique_ptr<char[]>> kept_;
};

// Rests for two seconds before each task.
class Dawdles : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
  awaitable<std::optional<TaskOutcome>> Execute(Task task) override {
    co_await pause().For(milliseconds(2'000));
    co_return co_await BrokenExecutor::Execute(std::move(task));
  }
};

// Calls tools through production's client; each defect overrides what it breaks.
class BrokenCaller : public ToolCaller {
 public:
  explicit BrokenCaller(std::unique_ptr<ToolCaller> tools) : tools_(std::move(tools)) {}
  awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) override {
    co_return co_await tools_->Call(std::move(tool), std::move(arguments));
  }
  void Abort() override { tools_->Abort(); }

 private:
  std::unique_ptr<ToolCaller> tools_;
};

// Leaves out every fourth call that is no entry in the journal, and makes its answer up.
class SkipsCalls : public BrokenCaller {
 public:
  using BrokenCaller::BrokenCaller;
  awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) override {
    if (tool != "journal_append" && ++count_ % 4 == 0) {
      ToolResult made_up;
      made_up.succeeded = true;
      made_up.text = "as usual";
      co_return made_up;
    }
    co_return co_await BrokenCaller::Call(std::move(tool), std::move(arguments));
  }

 private:
  int count_ = 0;
};

// Writes what it wrote for its first task for all the others as well.
class CopiesEvidence : public BrokenCaller {
 public:
  using BrokenCaller::BrokenCaller;
  awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) override {
    if (tool == "journal_append") {
      if (first_.is_null()) first_ = arguments;
      arguments = first_;
    }
    co_return co_await BrokenCaller::Call(std::move(tool), std::move(arguments));
  }

 private:
  nlohmann::json first_;
};

// Ends when the gateway is away, and counts on being started anew.
class DiesWithGateway : public BrokenCaller {
 public:
  using BrokenCaller::BrokenCaller;
  awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) override {
    try {
      co_return co_await BrokenCaller::Call(std::move(tool), std::move(arguments));
    } catch (const GatewayUnavailable&) {
      std::_Exit(EXIT_FAILURE);
    }
  }
};

template <typename Broken>
WorkerParts WithExecutor() {
  WorkerParts parts;
  parts.make_task_executor = [](const Executor& executor, ToolCaller& tools,
                                const WorkerOptions& options) {
    return std::make_unique<Broken>(executor, tools, options);
  };
  return parts;
}

template <typename Broken>
WorkerParts WithCaller() {
  WorkerParts parts;
  const auto production = parts.make_tool_caller;
  parts.make_tool_caller = [production](const Executor& executor, const WorkerOptions& options) {
    return std::make_unique<Broken>(production(executor, options));
  };
  return parts;
}

}  // namespace

void AddBrokenExecutors(BrokenWorkers& workers) {
  workers["skips-work"] = WithExecutor<SkipsWork>();
  workers["crashes"] = WithExecutor<Crashes>();
  workers["fails-tasks"] = WithExecutor<FailsTasks>();
  workers["keeps-a-task"] = WithExecutor<KeepsATask>();
  workers["leaks-memory"] = WithExecutor<LeaksMemory>();
  workers["dawdles"] = WithExecutor<Dawdles>();
  workers["skips-calls"] = WithCaller<SkipsCalls>();
  workers["copies-evidence"] = WithCaller<CopiesEvidence>();
  workers["dies-with-gateway"] = WithCaller<DiesWithGateway>();
}

}  // namespace platform
