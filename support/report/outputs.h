// The files that a run folder ends with.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "support/report/run_folder.h"
#include "support/report/run_model_loader.h"

namespace proving_ground {

// Writes summary.json, junit.xml, metrics.prom and report.md out of what the folder holds, and
// returns the model they were drawn from. `repository`: see JUnitOptions.
RunModel WriteOutputs(const RunFolder& folder, const LoadOptions& options,
                      const std::filesystem::path& repository);

// Ends a run: writes the above and, by `draw`, report.html. Then it searches all files of the
// folder for the stack's own secrets (leaks.json), and where one stands writes everything anew,
// since such a run is not ready.
using DrawPage = std::function<std::string(const RunModel&)>;
RunModel WriteFinalOutputs(const RunFolder& folder, const LoadOptions& options,
                           const std::filesystem::path& repository, const DrawPage& draw);

// Writes junit.xml anew while the run goes on: what has not ended yet is an error of the type
// "incomplete", so that the file is true whenever the run may break off. What makes a run fail is
// read from PROVING_GROUND_FAIL_ON, words separated by commas.
void RewriteJUnit(const RunFolder& folder, const std::filesystem::path& repository);

}  // namespace proving_ground
