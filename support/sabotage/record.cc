#include "support/sabotage/record.h"

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
  if (!fs::is_directory(folder)) return results;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    try {
      results.push_back(SabotageResultFromJson(json::parse(ReadFile(entry.path()))));
    } catch (const json::exception& error) {
      throw EnvironmentError(entry.path().string() + " is damaged: " + error.what(),
                             "remove it and try the sabotage again");
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

std::vector<std::string> AddCleanRun(const std::map<std::string, Outcome>& outcomes,
                                     CleanRuns& clean) {
  ++clean.runs;
  clean.verdicts += static_cast<int>(outcomes.size());
  std::vector<std::string> unclear;
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    const auto found = outcomes.find(id);
    if (found != outcomes.end() && found->second == Outcome::kFailed) {
      clean.alarms.push_back(std::to_string(clean.runs) + " " + id);
    } else if (found == outcomes.end() || found->second != Outcome::kPassed) {
      unclear.push_back(id);
    }
  }
  clean.unclear += static_cast<int>(unclear.size());
  return unclear;
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
