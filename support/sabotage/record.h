// What is known about the whole catalogue: the latest result of each sabotage, and how the
// untouched stack was judged. Kept in compose/sabotage/record.json; the README's table of the score
// is made from it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/sabotage/catalogue.h"
#include "support/sabotage/result.h"

namespace proving_ground {

// Runs of the untouched stack.
struct CleanRuns {
  int runs = 0;
  int verdicts = 0;                 // of all runs together
  std::vector<std::string> alarms;  // criteria that failed, with the number of the run: "3 F-4"
  int unclear = 0;                  // verdicts that said neither
};

// One of them, whose number is from 1 on.
struct CleanRun {
  int number = 0;
  int verdicts = 0;
  std::vector<std::string> alarms;   // ids of criteria that failed
  std::vector<std::string> unclear;  // of those without a verdict, skipped or inconclusive
};

// What one run found; without outcomes it broke off, and everything is unclear.
CleanRun JudgeCleanRun(int number, const std::map<std::string, Outcome>& outcomes);
CleanRuns Sum(const std::vector<CleanRun>& runs);

// Clean runs that are kept in a folder, one file each, by number. One that is repeated is one more:
// a false alarm does not go away by trying again. Throws EnvironmentError when one is damaged.
std::vector<CleanRun> ReadCleanRuns(const std::filesystem::path& folder);
void WriteCleanRun(const CleanRun& run, const std::filesystem::path& folder);

struct SabotageRecord {
  std::map<std::string, SabotageResult> results;  // by name of the sabotage
  CleanRuns clean;
};

// A file that does not exist is an empty record. Throws EnvironmentError when it is damaged.
SabotageRecord ReadRecord(const std::filesystem::path& file);
void WriteRecord(const SabotageRecord& record, const std::filesystem::path& file);

// The results that tried sabotages left in a folder, one file each.
std::vector<SabotageResult> ReadResults(const std::filesystem::path& folder);
void WriteResult(const SabotageResult& result, const std::filesystem::path& folder);

// Takes results into the record, and drops those of sabotages that the catalogue no longer has.
void Update(SabotageRecord& record, const std::vector<SabotageResult>& results,
            const std::vector<Sabotage>& catalogue);

// What keeps the record from proving the suite, one line each; empty: nothing. Every criterion must
// have been seen to fail when it had to, and every sabotage must have been tried since its
// expectations were last changed.
std::vector<std::string> RecordFaults(const SabotageRecord& record,
                                      const std::vector<Sabotage>& catalogue);

// Table for the README: by group, sabotages, caught, blame, seconds; look-alikes; clean runs.
std::string ScoreTable(const SabotageRecord& record);
// One line a sabotage: expected, observed, seconds.
std::string ResultTable(const SabotageRecord& record, const std::vector<Sabotage>& catalogue);

// `text` with what stands between the lines "<!-- score -->" and "<!-- /score -->" replaced. Throws
// UsageError when the lines are missing.
std::string WithScore(const std::string& text, const std::string& table);

}  // namespace proving_ground
