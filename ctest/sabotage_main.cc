// Proves that the suites notice what they should, on stacks that are broken on purpose.
//
//   sabotage list [--stacks N]    names, one a line, each with the number of the small stack that
//                                 it is to be tried on, of so many; marked "quick" where it is of
//                                 the fast subset; in the best order: those that change the same
//                                 services one after the other, so that few are recreated
//
//   sabotage try NAME…            break, judge, compare; exit code 1: not as expected
//
//   sabotage clean NUMBER         judge the untouched stack, as run NUMBER; exit code 1: a false
//                                 alarm, 2: a criterion could not tell
//
//   sabotage mend                 undo what is still broken
//
//   sabotage score [--record]     detection score; --record keeps the latest results, --table shows
//                                 each sabotage
//
// try, clean and mend take --session=FILE, the session of a small stack.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "fixtures/sabotage_bench.h"
#include "fixtures/session.h"
#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/base/interrupt.h"
#include "support/sabotage/catalogue.h"
#include "support/sabotage/record.h"
#include "support/sabotage/share_out.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = PG_SOURCE_DIR;
const fs::path kCatalogue = kSource / "compose/sabotage/overlays";
const fs::path kRecord = kSource / "compose/sabotage/record.json";
const fs::path kReadme = kSource / "README.md";

// The build folder: this program lies in its folder ctest.
fs::path Build() { return fs::read_symlink("/proc/self/exe").parent_path().parent_path(); }
fs::path Results() { return Build() / "sabotage/results"; }
fs::path CleanResults() { return Build() / "sabotage/clean"; }

std::string Listed(const std::vector<std::string>& ids) {
  return ids.empty() ? "none" : fmt::format("{}", fmt::join(ids, " "));
}

int List(int stacks) {
  const std::vector<Sabotage> catalogue = ReadCatalogue(kCatalogue);
  const std::map<std::string, int> shares = ShareOut(catalogue, ReadRecord(kRecord), stacks);
  for (const Sabotage& sabotage : InOrder(catalogue, shares)) {
    std::cout << sabotage.name << ' ' << shares.at(sabotage.name)
              << (sabotage.quick ? " quick" : "") << '\n';
  }
  return 0;
}

SabotageBench BenchOf(const fs::path& session_file) {
  const std::optional<Session> session = ReadSession(session_file);
  if (!session) {
    throw EnvironmentError("there is no session file " + session_file.string(),
                           "bring the small stack up: ctest -R sabotage.up.1");
  }
  return {*session, session_file.parent_path(), Build() / "suites"};
}

int Try(const std::vector<std::string>& names, const fs::path& session_file) {
  const std::vector<Sabotage> catalogue = ReadCatalogue(kCatalogue);
  SabotageBench bench = BenchOf(session_file);
  bool as_expected = true;
  for (const std::string& name : names) {
    const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const Sabotage& one) { return one.name == name; });
    if (found == catalogue.end()) {
      throw UsageError("there is no sabotage " + name, "see: sabotage list");
    }
    const SabotageResult result = bench.Try(*found);
    WriteResult(result, Results());
    std::cout << found->breaks << '\n' << ResultText(result) << std::endl;
    as_expected = as_expected && result.AsExpected();
  }
  return static_cast<int>(as_expected ? ExitCode::kProven : ExitCode::kCriterionFailed);
}

int Clean(int number, const fs::path& session_file) {
  SabotageBench bench = BenchOf(session_file);
  std::map<std::string, Outcome> outcomes;
  try {
    outcomes = WorstOutcomes(bench.JudgeClean(number));
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    std::cerr << "the run broke off: " << error.what() << '\n';
  }
  const CleanRun run = JudgeCleanRun(number, outcomes);
  WriteCleanRun(run, CleanResults());
  std::cout << fmt::format("clean run {}: {} verdicts, false alarms: {}, unclear: {}", number,
                           run.verdicts, Listed(run.alarms), Listed(run.unclear))
            << std::endl;
  if (!run.alarms.empty()) return static_cast<int>(ExitCode::kCriterionFailed);
  return static_cast<int>(run.unclear.empty() ? ExitCode::kProven : ExitCode::kInconclusive);
}

int Score(bool keep, bool table) {
  const std::vector<Sabotage> catalogue = ReadCatalogue(kCatalogue);
  SabotageRecord record = ReadRecord(kRecord);
  Update(record, ReadResults(Results()), catalogue);
  const std::vector<CleanRun> clean = ReadCleanRuns(CleanResults());
  if (!clean.empty()) record.clean = Sum(clean);
  if (table) std::cout << ResultTable(record, catalogue) << '\n';
  std::cout << ScoreTable(record);
  if (keep) {
    WriteRecord(record, kRecord);
    WriteFileAtomically(kReadme, WithScore(ReadFile(kReadme), ScoreTable(record)));
  }
  std::vector<std::string> faults = CatalogueFaults(catalogue);
  const std::vector<std::string> untried = RecordFaults(record, catalogue);
  faults.insert(faults.end(), untried.begin(), untried.end());
  const std::string readme = ReadFile(kReadme);
  if (readme != WithScore(readme, ScoreTable(ReadRecord(kRecord)))) {
    faults.emplace_back("the README shows another score than the record: sabotage score --record");
  }
  for (const std::string& fault : faults) std::cout << "incomplete: " << fault << '\n';
  const bool good =
      faults.empty() && std::all_of(record.results.begin(), record.results.end(),
                                    [](const auto& entry) { return entry.second.AsExpected(); });
  return static_cast<int>(good ? ExitCode::kProven : ExitCode::kCriterionFailed);
}

int Run(int argc, char** argv) {
  CLI::App app("Stacks that are broken on purpose");
  app.require_subcommand(1);
  fs::path session = Build() / "sabotage/stack-1/session.json";
  std::vector<std::string> names;
  int number = 1;
  bool keep = false;
  bool table = false;
  int stacks = 1;
  CLI::App* list = app.add_subcommand("list", "names of the catalogue");
  list->add_option("--stacks", stacks, "how many there are")->check(CLI::Range(1, 100));
  CLI::App* attempt = app.add_subcommand("try", "break the small stack and have it judged");
  attempt->add_option("names", names, "sabotages")->required();
  CLI::App* clean = app.add_subcommand("clean", "judge the untouched small stack");
  clean->add_option("number", number, "of the run")->required()->check(CLI::Range(1, 1000));
  CLI::App* mend = app.add_subcommand("mend", "undo what is still broken");
  for (CLI::App* command : {attempt, clean, mend}) {
    command->add_option("--session", session, "session file of a small stack");
  }
  CLI::App* score = app.add_subcommand("score", "how much was caught");
  score->add_flag("--record", keep, "keep the latest results, and write the README's table");
  score->add_flag("--table", table, "one line a sabotage before it");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  if (list->parsed()) return List(stacks);
  if (attempt->parsed()) return Try(names, session);
  if (clean->parsed()) return Clean(number, session);
  if (score->parsed()) return Score(keep, table);
  BenchOf(session).Mend();
  return 0;
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  proving_ground::InstallInterruptHandlers();
  try {
    return proving_ground::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return proving_ground::ExitStatus(error);
  }
}
