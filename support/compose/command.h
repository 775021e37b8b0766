// A command that is run to its end, with an argument vector (no shell), a deadline and both outputs
// captured.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/base/poll.h"

namespace proving_ground {

struct Command {
  std::vector<std::string> arguments;              // [0] is looked up in PATH unless it holds a '/'
  std::map<std::string, std::string> environment;  // besides the variables of this process
  std::filesystem::path folder;                    // empty: the current one
};

struct CommandResult {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string standard_output;
  std::string standard_error;
};

// Runs `command` in a process group of its own, so that Ctrl-C reaches only this process, which
// then ends the group in good order. Standard input is empty. Throws EnvironmentError when the
// program cannot be started, DeadlineExceeded after the deadline and Interrupted after a signal; by
// then the group was sent SIGTERM and, when that did not help, SIGKILL.
CommandResult RunCommand(const Command& command, Deadline deadline);

}  // namespace proving_ground
