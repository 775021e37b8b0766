// What a command tells the harness: one JSON document a line.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "support/base/poll.h"

namespace proving_ground {

// Writes a document to standard output at once.
void Report(const nlohmann::json& document);

// Waits until the end of the command's life, or until SIGTERM asks for it earlier; calls `report`
// four times a second meanwhile, so that little is missing when this program is killed.
void Live(Deadline end, const std::function<void()>& report = {});

}  // namespace proving_ground
