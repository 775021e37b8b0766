// The tables of record.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "support/base/errors.h"
#include "support/sabotage/record.h"

namespace proving_ground {
namespace {

constexpr std::array kSuites = {"load", "failover", "security"};
constexpr std::string_view kBegin = "<!-- score -->\n";
constexpr std::string_view kEnd = "<!-- /score -->";

struct Tally {
  int seeded = 0;
  int caught = 0;   // sabotages that all who had to notice did notice
  int rightly = 0;  // failures that the catalogue expects
  int wrongly = 0;  // failures of criteria that have nothing to do with it
  double seconds = 0;
};

void Count(const SabotageResult& result, Tally& tally) {
  ++tally.seeded;
  if (result.missed.empty()) ++tally.caught;
  tally.rightly += static_cast<int>(result.caught.size() + result.collateral.size());
  tally.wrongly += static_cast<int>(result.blamed.size());
  tally.seconds += result.seconds;
}

std::string Percent(int part, int whole) {
  return whole == 0 ? "–" : fmt::format("{:.0f} %", 100.0 * part / whole);
}

std::string Row(const std::string& name, const Tally& tally) {
  return fmt::format("| {} | {} | {} | {} | {} of {} | {:.0f} s |\n", name, tally.seeded,
                     tally.caught, Percent(tally.caught, tally.seeded), tally.rightly,
                     tally.rightly + tally.wrongly, tally.seconds);
}

std::string CleanText(const CleanRuns& clean) {
  if (clean.runs == 0) return "No clean run is on record.\n";
  return fmt::format(
      "False alarms: {} in {} runs of the untouched stack, {} verdicts ({} without a "
      "conclusion).\n",
      clean.alarms.size(), clean.runs, clean.verdicts, clean.unclear);
}

std::string Ids(const std::vector<std::string>& ids) {
  return ids.empty() ? "–" : fmt::format("{}", fmt::join(ids, " "));
}

std::string Expected(const Sabotage& sabotage) {
  std::vector<std::string> ids = sabotage.must;
  for (const std::string& id : sabotage.abstain) ids.push_back(id + " abstains");
  return Ids(ids);
}

}  // namespace

std::string ScoreTable(const SabotageRecord& record) {
  std::string table =
      "| suite | sabotages | caught | score | failures that were expected | time |\n"
      "|---|---|---|---|---|---|\n";
  Tally all;
  for (const char* suite : kSuites) {
    Tally tally;
    for (const auto& [name, result] : record.results) {
      if (result.group != suite) continue;
      Count(result, tally);
      Count(result, all);
    }
    table += Row(suite, tally);
  }
  table += Row("all", all);
  int look_alikes = 0;
  int red = 0;
  for (const auto& [name, result] : record.results) {
    if (result.group != "lookalike") continue;
    ++look_alikes;
    if (!result.AsExpected()) ++red;
  }
  table += fmt::format("\nLook-alikes: {}, of which {} turned something red. ", look_alikes, red);
  return table + CleanText(record.clean);
}

std::string ResultTable(const SabotageRecord& record, const std::vector<Sabotage>& catalogue) {
  std::string table =
      "| sabotage | must fail | failed | missed | wrongly blamed | s |\n"
      "|---|---|---|---|---|---|\n";
  for (const Sabotage& sabotage : catalogue) {
    const auto found = record.results.find(sabotage.name);
    if (found == record.results.end()) {
      table += fmt::format("| {} | {} | not tried | | | |\n", sabotage.name, Expected(sabotage));
      continue;
    }
    const SabotageResult& result = found->second;
    std::vector<std::string> failed = result.caught;
    for (const std::string& id : result.collateral) failed.push_back("(" + id + ")");
    for (const std::string& id : result.abstained) failed.push_back(id + " abstained");
    table += fmt::format("| {} | {} | {} | {} | {} | {:.1f} |\n", sabotage.name, Expected(sabotage),
                         Ids(failed), Ids(result.missed), Ids(result.blamed), result.seconds);
  }
  return table;
}

std::string WithScore(const std::string& text, const std::string& table) {
  const std::size_t begin = text.find(kBegin);
  const std::size_t end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw UsageError("the text has no lines <!-- score --> and <!-- /score -->",
                     "put them where the table belongs");
  }
  return text.substr(0, begin + kBegin.size()) + table + text.substr(end);
}

}  // namespace proving_ground
