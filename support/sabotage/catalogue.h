// The sabotages of compose/sabotage: stacks that are broken on purpose, one defect each.
//
// Each is a compose file of its own with a block that says what is wrong and who must notice:
//
//   x-sabotage:
//     breaks: "the workers of one team ignore SIGTERM and have to be killed"
//     must: [L-1, L-2]   # criteria that have to fail
//     may: [L-3]         # criteria that may fail as well, for the same cause
//     also: [F-3]        # criteria to be tried besides, which must not fail; rarely needed
//     quick: true        # one of the fast subset
//
// Where it is the harness that is broken, `suite_program` or `load_program` names the broken one,
// and `abstain` the criteria that must say that they cannot tell: the stack is not to blame.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

struct Sabotage {
  std::string name;               // "load-workers-ignore-sigterm": folder and file
  std::string group;              // folder: "load", "failover", "security" or "lookalike"
  std::filesystem::path file;     // the overlay, absolute
  std::string breaks;             // one line: what is wrong, and how
  std::vector<std::string> must;  // ids of criteria, as the overlay lists them
  std::vector<std::string> may;
  std::vector<std::string> also;     // criteria to be tried besides, which must not fail
  std::vector<std::string> abstain;  // criteria that have to be inconclusive
  bool quick = false;
  // Program of the build folder that takes the place of the suite
  // ("careless/suites/failover_suite"), where it is the harness that is broken and not the stack;
  // empty: the suite itself.
  std::string suite_program;
  // The same for the program that carries out the load run ("careless/starved_harness").
  std::string load_program;
  std::vector<std::string> services;  // those that the overlay changes, sorted

  // Harmless, though it looks like a defect: nothing may fail.
  bool LookAlike() const { return group == "lookalike"; }
};

// The sabotage that the text of one overlay describes. Throws UsageError that names the file when
// the block is missing, has a field that nobody knows, or says nothing to `breaks`.
Sabotage ParseSabotage(const std::filesystem::path& file, const std::string& text);

// All overlays below `folder` (compose/sabotage/overlays), sorted by name. Throws UsageError and
// EnvironmentError.
std::vector<Sabotage> ReadCatalogue(const std::filesystem::path& folder);

// What is wrong with a catalogue, one line each; empty: nothing. Every criterion must be in the
// `must` of a sabotage, and of a quick one; every id must be one of a criterion; none may be in
// two of `must`, `may` and `abstain`; a sabotage must name somebody who notices, a look-alike
// nobody.
std::vector<std::string> CatalogueFaults(const std::vector<Sabotage>& catalogue);

}  // namespace proving_ground
