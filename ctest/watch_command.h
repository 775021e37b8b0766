// The command that follows a run:
//
//   harness watch RUN_FOLDER [--view auto|live|lines] [--pid PID]
//
// shows what runs at present, until the run has ended or the process PID is gone. A terminal gets a
// live view, anything else a line for each event and every 30 s; CI and NO_COLOR mean what they
// mean everywhere.
#pragma once

#include <CLI/CLI.hpp>

namespace proving_ground {

// Adds the command to `app`; it runs when the command line names it.
void AddWatchCommand(CLI::App& app);

}  // namespace proving_ground
