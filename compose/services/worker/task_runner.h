#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "compose/services/worker/pause.h"
#include "compose/services/worker/proof_chain.h"
#include "compose/services/worker/task_executor.h"
#include "compose/services/worker/templates.h"
#include "compose/services/worker/tool_caller.h"

namespace platform {

// Executes a task as the list of its steps:
//   {"tool": name, "arguments": {...}}  calls the tool, with ${task} ${attempt} ${worker} ${nonce}
//   ${proof} replaced
//                                       in its string arguments, and takes the answer into the
//                                       proof chain;
//   {"think_ms": n}                     waits, as a model that thinks would.
// A call without an answer is repeated, with growing pauses, until there is one or the task is
// abandoned. A step that fails ends the task.
class TaskRunner : public TaskExecutor {
 public:
  struct Options {
    std::string worker_id;
    std::chrono::milliseconds retry_minimum{100};
    std::chrono::milliseconds retry_maximum{1'000};
  };

  // `tools` must outlive the runner.
  TaskRunner(const boost::asio::any_io_executor& executor, ToolCaller& tools, Options options);

  boost::asio::awaitable<std::optional<TaskOutcome>> Execute(Task task) override;
  void Abandon() override;

 private:
  // Why a step failed; nothing if it did not.
  using Failure = std::optional<std::string>;

  boost::asio::awaitable<Failure> Perform(const nlohmann::json& step, const Task& task,
                                          ProofChain& proof);
  boost::asio::awaitable<Failure> Think(std::chrono::milliseconds duration);
  boost::asio::awaitable<Failure> CallTool(const nlohmann::json& step, const Task& task,
                                           ProofChain& proof);
  boost::asio::awaitable<ToolResult> CallUntilAnswered(std::string tool, nlohmann::json arguments);
  Variables VariablesOf(const Task& task, const ProofChain& proof) const;

  ToolCaller& tools_;
  Options options_;
  Pause pause_;
  bool abandoned_ = false;
};

}  // namespace platform
