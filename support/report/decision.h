// How the results of a run become its exit code.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/report/run_model.h"

namespace proving_ground {

// What makes a run fail (exit code 1) beyond a missed criterion. It can only make a run worse.
struct FailOn {
  std::set<ResultState> states;
  std::optional<Severity> findings;  // of this severity and above, unless waived
  bool residue = false;

  // What --strict means: all that was not proven.
  static FailOn Strict();
};

// "inconclusive", "skipped", "error", "not-run", "did-not-finish", "residue", or a severity: "low".
// Throws UsageError.
void AddFailOn(const std::string& word, FailOn& fail_on);
// All words that AddFailOn knows.
const std::vector<std::string>& FailOnWords();

// Sets exit_code, headline and reasons. A missed criterion outweighs everything, and so does a
// secret of the stack in the run's own files; `unreadable` parts of the folder cannot make it
// better; then come errors of the harness with their own code, then what is inconclusive, was not
// run or did not finish. A skipped criterion leaves the verdict to the others. Without a single
// passed criterion nothing is proven.
void Decide(const FailOn& fail_on, RunModel& model);

}  // namespace proving_ground
