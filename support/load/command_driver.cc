// Driver for stacks whose tasks are handed in and looked up by a command run inside a service.
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/load/polling_driver.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class CommandDriver : public PollingDriver {
 public:
  CommandDriver(const DriverContract& contract, const std::string& team, CommandRunner run,
                milliseconds deadline)
      : PollingDriver(contract), team_(team), run_(std::move(run)), deadline_(deadline) {}

  SubmitResult Submit(const Task& task) override {
    Watch(task.id);
    try {
      const CommandOutcome outcome =
          run_(Fill(contract_.submit, task.id, TaskPayload(task).dump()), deadline_);
      if (outcome.exit_code == 0) return {SubmitOutcome::kAccepted, ""};
      // A command can fail after the stack took the task, so its exit code settles nothing.
      return {SubmitOutcome::kUnknown, Describe(outcome)};
    } catch (const EnvironmentError& error) {
      return {SubmitOutcome::kUnknown, error.what()};
    }
  }

  std::optional<TaskRecord> Read(const std::string& task) override {
    const CommandOutcome outcome = run_(Fill(contract_.query, task, ""), deadline_);
    if (outcome.exit_code != 0) {
      throw EnvironmentError("the query command of the contract failed: " + Describe(outcome),
                             "try it by hand inside service " + contract_.service);
    }
    const std::string state = Trimmed(outcome.output);
    if (state.empty()) return std::nullopt;
    return FromState(state);
  }

  // The contract has no command that removes a record: the stack does that by itself.
  std::optional<TaskRecord> Collect(const std::string& task) override {
    Forget(task);
    return Read(task);
  }

 private:
  std::vector<std::string> Fill(std::vector<std::string> arguments, const std::string& task,
                                const std::string& payload) const {
    for (std::string& argument : arguments) {
      argument = FillPlaceholders(std::move(argument), team_, task, payload);
    }
    return arguments;
  }

  static std::string Describe(const CommandOutcome& outcome) {
    if (!outcome.exit_code.has_value()) return "it did not end in time";
    return "exit code " + std::to_string(*outcome.exit_code) + " " + Trimmed(outcome.error);
  }

  const std::string team_;
  const CommandRunner run_;
  const milliseconds deadline_;
};

}  // namespace

std::unique_ptr<TaskDriver> MakeCommandDriver(const DriverContract& contract,
                                              const std::string& team, CommandRunner run,
                                              milliseconds deadline) {
  return std::make_unique<CommandDriver>(contract, team, std::move(run), deadline);
}

}  // namespace proving_ground
