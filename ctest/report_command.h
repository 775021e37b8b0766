// The command that ends a run:
//
//   harness report RUN_FOLDER [--suite NAME]… [--strict] [--fail-on WORD]… [--compare RUN_FOLDER]
//
// prints the table, writes summary.json, junit.xml, metrics.prom and the reports for people into
// the folder, and appends report.md to the file that GITHUB_STEP_SUMMARY names. In the end it
// searches the folder for the stack's own secrets; where one stands the run is not ready. The exit
// code is the verdict.
#pragma once

#include <CLI/CLI.hpp>

namespace proving_ground {

// Adds the command to `app`; it runs when the command line names it, and sets `status`.
void AddReportCommand(CLI::App& app, int& status);

}  // namespace proving_ground
