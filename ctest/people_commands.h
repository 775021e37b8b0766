// The commands that tell people how runs ended:
//
//   harness notify RUN_FOLDER        a success to the chat, anything else to the people on call
//   harness digest RUNS [--days N]   a mail about all runs of the last days
//
// Addresses and keys come from the environment: see support/notify/settings.h.
#pragma once

#include <CLI/CLI.hpp>

namespace proving_ground {

// Adds the commands to `app`. They run when the command line names them. A delivery that fails is
// printed and leaves the exit code 0: it says nothing about the stack.
void AddPeopleCommands(CLI::App& app);

}  // namespace proving_ground
