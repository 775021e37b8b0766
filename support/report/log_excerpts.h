// What services logged while something went wrong.
#pragma once

#include <filesystem>
#include <vector>

#include "support/report/run_model.h"

namespace proving_ground {

// Excerpts for the results of the model that are neither passed nor skipped, from the logs captured
// in the run folder: of the coordinators of the result's team, or its service, and of what teams
// share. They may hold secrets: see Redactor.
std::vector<LogExcerpt> ReadLogExcerpts(const std::filesystem::path& folder, const RunModel& model);

}  // namespace proving_ground
