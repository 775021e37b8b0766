// The verdict of a run for machines, for a pull request, and for the end of a terminal's output.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "support/report/run_model.h"

namespace proving_ground {

inline constexpr int kSummarySchema = 2;

// summary.json; its shape is published as summary.schema.json beside this file.
nlohmann::json SummaryJson(const RunModel& model);

// report.md: at most a page for a comment on a pull request or a step summary.
std::string SummaryMarkdown(const RunModel& model);

// The table that ends a run. `colour` marks the outcomes with ANSI colours.
std::string SummaryTable(const RunModel& model, bool colour);

}  // namespace proving_ground
