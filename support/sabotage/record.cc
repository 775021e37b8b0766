#include "support/sabotage/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json CleanToJson(const CleanRuns& clean) {
  return {{"runs", clean.runs},
          {"verdicts", clean.verdicts},
          {"alarms", clean.alarms},
          {"unclear", clean.unclear}};
}

CleanRuns CleanFromJson(const json& document) {
  CleanRuns clean;
  document.at("runs").get_to(clean.runs);
  document.at("verdicts").get_to(clean.verdicts);
  document.at("alarms").get_to(clean.alarms);
  document.at("unclear").get_to(clean.unclear);
  return clean;
}

// Who has to notice, and who was to notice when it was tried.
std::set<std::string> Expected(const Sabotage& sabotage) {
  std::set<std::string> ids(sabotage.must.begin(), sabotage.must.end());
  ids.insert(sabotage.abstain.begin(), sabotage.abstain.end());
  return ids;
}
std::set<std::string> Judged(const SabotageResult& result) {
  std::set<std::string> ids(result.caught.begin(), result.caught.end());
  ids.insert(result.abstained.begin(), result.abstained.end());
  ids.insert(result.missed.begin(), result.missed.end());
  return ids;
}

EnvironmentError Damaged(const fs::path& file, const std::string& why) {
  return {file.string() + " is damaged: " + why, "remove it and try again what it is about"};
}

// The JSON files of a folder, which need not exist.
std::map<fs::path, json> ReadFolder(const fs::path& folder) {
  std::map<fs::path, json> documents;
  if (!fs::is_directory(folder)) return documents;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    try {
      documents[entry.path()] = json::parse(ReadFile(entry.path()));
    } catch (const json::exception& error) {
      throw Damaged(entry.path(), error.what());
    }
  }
  return documents;
}

}  // namespace

SabotageRecord ReadRecord(const fs::path& file) {
  SabotageRecord record;
  if (!fs::exists(file)) return record;
  try {
    const json document = json::parse(ReadFile(file));
    for (const json& one : document.at("sabotages")) {
      SabotageResult result = SabotageResultFromJson(one);
      record.results[result.name] = std::move(result);
    }
    record.clean = CleanFromJson(document.at("clean"));
  } catch (const json::exception& error) {
    throw EnvironmentError(file.string() + " is damaged: " + error.what(),
                           "write it anew with: harness score --record");
  }
  return record;
}

void WriteRecord(const SabotageRecord& record, const fs::path& file) {
  // One line a sabotage, so that a change shows as one.
  std::string text = "{\"clean\": " + CleanToJson(record.clean).dump() + ",\n \"sabotages\": [";
  const char* separator = "\n";
  for (const auto& [name, result] : record.results) {
    text += separator + ("  " + ToJson(result).dump());
    separator = ",\n";
  }
  WriteFileAtomically(file, text + "\n]}\n");
}

std::vector<SabotageResult> ReadResults(const fs::path& folder) {
  std::vector<SabotageResult> results;
  for (const auto& [file, document] : ReadFolder(folder)) {
    try {
      results.push_back(SabotageResultFromJson(document));
    } catch (const EnvironmentError& error) {
      throw Damaged(file, error.what());
    }
  }
  return results;
}

void WriteResult(const SabotageResult& result, const fs::path& folder) {
  MakeFolder(folder);
  WriteFileAtomically(folder / (result.name + ".json"), ToJson(result).dump(2) + "\n");
}

void Update(SabotageRecord& record, const std::vector<SabotageResult>& results,
            const std::vector<Sabotage>& catalogue) {
  for (const SabotageResult& result : results) record.results[result.name] = result;
  std::set<std::string> known;
  for (const Sabotage& sabotage : catalogue) known.insert(sabotage.name);
  std::erase_if(record.results, [&](const auto& entry) { return !known.contains(entry.first); });
}

CleanRun JudgeCleanRun(int number, const std::map<std::string, Outcome>& outcomes) {
  CleanRun run;
  run.number = number;
  run.verdicts = static_cast<int>(outcomes.size());
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    const auto found = outcomes.find(id);
    if (found != outcomes.end() && found->second == Outcome::kFailed) {
      run.alarms.push_back(id);
    } else if (found == outcomes.end() || found->second != Outcome::kPassed) {
      run.unclear.push_back(id);
    }
  }
  return run;
}

CleanRuns Sum(const std::vector<CleanRun>& runs) {
  CleanRuns sum;
  for (const CleanRun& run : runs) {
    ++sum.runs;
    sum.verdicts += run.verdicts;
    for (const std::string& id : run.alarms) {
      sum.alarms.push_back(std::to_string(run.number) + " " + id);
    }
    sum.unclear += static_cast<int>(run.unclear.size());
  }
  return sum;
}

std::vector<CleanRun> ReadCleanRuns(const fs::path& folder) {
  std::vector<CleanRun> runs;
  for (const auto& [file, document] : ReadFolder(folder)) {
    CleanRun run;
    try {
      document.at("number").get_to(run.number);
      document.at("verdicts").get_to(run.verdicts);
      document.at("alarms").get_to(run.alarms);
      document.at("unclear").get_to(run.unclear);
    } catch (const json::exception& error) {
      throw Damaged(file, error.what());
    }
    runs.push_back(std::move(run));
  }
  std::sort(runs.begin(), runs.end(),
            [](const CleanRun& a, const CleanRun& b) { return a.number < b.number; });
  return runs;
}

void WriteCleanRun(const CleanRun& run, const fs::path& folder) {
  MakeFolder(folder);
  const json document = {{"number", run.number},
                         {"verdicts", run.verdicts},
                         {"alarms", run.alarms},
                         {"unclear", run.unclear}};
  int repeated = 0;
  fs::path file;
  do {
    file = folder / fmt::format("{}-{}.json", run.number, ++repeated);
  } while (fs::exists(file));
  WriteFileAtomically(file, document.dump(2) + "\n");
}

std::vector<std::string> RecordFaults(const SabotageRecord& record,
                                      const std::vector<Sabotage>& catalogue) {
  std::vector<std::string> faults;
  std::set<std::string> seen;
  for (const auto& [name, result] : record.results) {
    seen.insert(result.caught.begin(), result.caught.end());
  }
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    if (!seen.contains(id)) faults.push_back("no run on record ever saw " + id + " fail");
  }
  for (const Sabotage& sabotage : catalogue) {
    const auto found = record.results.find(sabotage.name);
    if (found == record.results.end()) {
      faults.push_back(sabotage.name + " was never tried");
    } else if (Expected(sabotage) != Judged(found->second)) {
      faults.push_back(sabotage.name + " was not tried since its expectations were changed");
    }
  }
  return faults;
}

}  // namespace proving_ground
