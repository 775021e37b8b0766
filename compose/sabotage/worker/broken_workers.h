// The broken parts of a worker by the name that SABOTAGE gives them. See ../README.md.
#pragma once

#include <map>
#include <string>

#include "compose/services/worker/worker_main.h"

namespace platform {

using BrokenWorkers = std::map<std::string, WorkerParts>;

// Workers that do not do their tasks as they should.
void AddBrokenExecutors(BrokenWorkers& workers);
// Workers that do not deal with their coordinator as they should.
void AddBrokenLinks(BrokenWorkers& workers);

// All of them; each differs from production in one part.
BrokenWorkers AllBrokenWorkers();

}  // namespace platform
