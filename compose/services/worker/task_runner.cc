#include "compose/services/worker/task_runner.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "compose/services/common/backoff.h"
#include "compose/services/common/log.h"

namespace platform {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

TaskRunner::TaskRunner(const asio::any_io_executor& executor, ToolCaller& tools, Options options)
    : tools_(tools), options_(std::move(options)), pause_(executor) {}

asio::awaitable<std::optional<TaskOutcome>> TaskRunner::Execute(Task task) {
  abandoned_ = false;
  ProofChain proof(task.nonce);
  TaskOutcome outcome;
  Failure failure;
  if (!task.steps.is_array()) failure = "the task has no list of steps";
  for (auto step = task.steps.begin(); !failure && step != task.steps.end(); ++step) {
    failure = co_await Perform(*step, task, proof);
    if (abandoned_) co_return std::nullopt;
    if (!failure) ++outcome.steps;
  }
  outcome.finished = !failure;
  outcome.reason = failure.value_or("");
  outcome.proof = proof.value();
  co_return outcome;
}

void TaskRunner::Abandon() {
  abandoned_ = true;
  pause_.Wake();
  tools_.Abort();
}

asio::awaitable<TaskRunner::Failure> TaskRunner::Perform(const json& step, const Task& task,
                                                         ProofChain& proof) {
  if (step.is_object()) {
    if (const auto think = step.find("think_ms");
        think != step.end() && think->is_number_unsigned()) {
      co_return co_await Think(milliseconds(think->get<std::uint32_t>()));
    }
    if (const auto tool = step.find("tool"); tool != step.end() && tool->is_string()) {
      co_return co_await CallTool(step, task, proof);
    }
  }
  co_return "a step is neither a tool call nor a pause to think";
}

asio::awaitable<TaskRunner::Failure> TaskRunner::Think(milliseconds duration) {
  co_await pause_.For(duration);
  co_return std::nullopt;
}

asio::awaitable<TaskRunner::Failure> TaskRunner::CallTool(const json& step, const Task& task,
                                                          ProofChain& proof) {
  json arguments = step.value("arguments", json::object());
  ExpandStrings(arguments, VariablesOf(task, proof));
  const ToolResult result =
      co_await CallUntilAnswered(step.at("tool").get<std::string>(), std::move(arguments));
  if (!result.succeeded) co_return result.reason;
  proof.Extend(result.text);
  co_return std::nullopt;
}

asio::awaitable<ToolResult> TaskRunner::CallUntilAnswered(std::string tool, json arguments) {
  Backoff backoff(options_.retry_minimum, options_.retry_maximum, std::random_device{}());
  for (bool first = true; !abandoned_; first = false) {
    milliseconds wait{0};
    try {
      co_return co_await tools_.Call(tool, arguments);
    } catch (const GatewayUnavailable& error) {
      if (first)
        Log(Level::kWarning, "gateway_unavailable", {{"reason", error.what()}, {"tool", tool}});
      wait = std::max(backoff.Next(), error.retry_after());
    }
    if (!abandoned_) co_await pause_.For(wait);
  }
  ToolResult abandoned;
  abandoned.reason = "abandoned";
  co_return abandoned;
}

Variables TaskRunner::VariablesOf(const Task& task, const ProofChain& proof) const {
  return {{"task", task.ref.id},
          {"attempt", std::to_string(task.ref.attempt)},
          {"worker", options_.worker_id},
          {"nonce", task.nonce},
          {"proof", proof.value()}};
}

}  // namespace platform
