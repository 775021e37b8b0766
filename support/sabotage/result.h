// What came of trying a sabotage, against what the catalogue expects.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/report/verdict.h"
#include "support/sabotage/catalogue.h"

namespace proving_ground {

// One outcome a criterion, the worst of its teams and services: a failure outweighs too little
// evidence, and that a skipped case.
std::map<std::string, Outcome> WorstOutcomes(const std::vector<Verdict>& verdicts);

// Ids in the order of the criteria.
struct SabotageResult {
  std::string name;
  std::string group;
  std::vector<std::string> caught;      // had to fail, and failed
  std::vector<std::string> abstained;   // had to say that they cannot tell, and did
  std::vector<std::string> missed;      // had to do either, and did not
  std::vector<std::string> blamed;      // failed, and had nothing to do with it
  std::vector<std::string> collateral;  // failed as well, as the catalogue says they may
  std::vector<std::string> untouched;   // passed, as they should
  std::vector<std::string> unclear;     // tried beside the others, without a verdict
  std::vector<std::string> errors;      // what stopped the harness, other than the defect
  double seconds = 0;

  // Everybody who had to notice did, and nobody else complained. A look-alike that nobody judged
  // proves nothing, nor does one of whom somebody could not tell.
  bool AsExpected() const;
};

// `planned`: criteria that were to get a verdict.
SabotageResult Compare(const Sabotage& sabotage, const std::vector<std::string>& planned,
                       const std::map<std::string, Outcome>& outcomes);

// "caught by L-1 L-2; missed by L-6; …"
std::string ResultText(const SabotageResult& result);

nlohmann::json ToJson(const SabotageResult& result);
// Throws EnvironmentError when it is damaged.
SabotageResult SabotageResultFromJson(const nlohmann::json& document);

}  // namespace proving_ground
