// The coordinator as a process: command line, signals, exit code.
#pragma once

#include "compose/services/coordinator/coordinator.h"

namespace platform {

// The body of main(). Runs until SIGTERM or SIGINT and returns the exit code: 0 after draining, 1
// on a failure, 2 on a bad configuration (one line on standard error). With --healthcheck [port]:
// asks a running coordinator on this host and returns 0 if it is ready, else 1.
int RunCoordinator(int argc, const char* const* argv, const TaskStoreFactory& make_store);

}  // namespace platform
