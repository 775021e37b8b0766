#include "support/sabotage/result.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/base/errors.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using nlohmann::json;

int Weight(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFailed:
      return 3;
    case Outcome::kInconclusive:
      return 2;
    case Outcome::kSkipped:
      return 1;
    case Outcome::kPassed:
      return 0;
  }
  return 0;
}

// The lists of a result with their names in files.
constexpr std::array kLists = {
    std::pair{"caught", &SabotageResult::caught},
    std::pair{"abstained", &SabotageResult::abstained},
    std::pair{"missed", &SabotageResult::missed},
    std::pair{"blamed", &SabotageResult::blamed},
    std::pair{"collateral", &SabotageResult::collateral},
    std::pair{"untouched", &SabotageResult::untouched},
    std::pair{"unclear", &SabotageResult::unclear},
    std::pair{"errors", &SabotageResult::errors},
};

bool Contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

std::map<std::string, Outcome> WorstOutcomes(const std::vector<Verdict>& verdicts) {
  std::map<std::string, Outcome> worst;
  for (const Verdict& verdict : verdicts) {
    Outcome& known = worst.try_emplace(verdict.criterion, verdict.outcome).first->second;
    if (Weight(verdict.outcome) > Weight(known)) known = verdict.outcome;
  }
  return worst;
}

bool SabotageResult::AsExpected() const {
  if (!missed.empty() || !blamed.empty() || !errors.empty()) return false;
  return group != "lookalike" || (unclear.empty() && !untouched.empty());
}

SabotageResult Compare(const Sabotage& sabotage, const std::vector<std::string>& planned,
                       const std::map<std::string, Outcome>& outcomes) {
  SabotageResult result;
  result.name = sabotage.name;
  result.group = sabotage.group;
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    const auto found = outcomes.find(id);
    const bool failed = found != outcomes.end() && found->second == Outcome::kFailed;
    const bool passed = found != outcomes.end() && found->second == Outcome::kPassed;
    const bool abstained = found != outcomes.end() && found->second == Outcome::kInconclusive;
    if (Contains(sabotage.must, id)) {
      (failed ? result.caught : result.missed).push_back(id);
    } else if (Contains(sabotage.abstain, id) && !failed) {
      (abstained ? result.abstained : result.missed).push_back(id);
    } else if (failed) {
      (Contains(sabotage.may, id) ? result.collateral : result.blamed).push_back(id);
    } else if (passed) {
      result.untouched.push_back(id);
    } else if (found != outcomes.end() || Contains(planned, id)) {
      result.unclear.push_back(id);
    }
  }
  return result;
}

std::string ResultText(const SabotageResult& result) {
  std::string text;
  const auto add = [&](const char* what, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", what, fmt::join(ids, " "));
  };
  add("caught by", result.caught);
  add("could not be told by, as it should,", result.abstained);
  add("missed by", result.missed);
  add("wrongly blamed by", result.blamed);
  add("also failed, as it may:", result.collateral);
  add("unclear:", result.unclear);
  add("errors:", result.errors);
  if (text.empty()) text = "nobody complained";
  return fmt::format("{}: {} ({:.1f} s)", result.name, text, result.seconds);
}

json ToJson(const SabotageResult& result) {
  json document = {{"name", result.name}, {"group", result.group}};
  // A tenth of a second is what a reader can use, and keeps files short.
  document["seconds"] = std::stod(fmt::format("{:.1f}", result.seconds));
  for (const auto& [name, list] : kLists) {
    if (!(result.*list).empty()) document[name] = result.*list;
  }
  return document;
}

SabotageResult SabotageResultFromJson(const json& document) {
  try {
    SabotageResult result;
    result.name = document.at("name").get<std::string>();
    result.group = document.at("group").get<std::string>();
    result.seconds = document.at("seconds").get<double>();
    for (const auto& [name, list] : kLists) {
      result.*list = document.value(name, std::vector<std::string>());
    }
    return result;
  } catch (const json::exception& error) {
    throw EnvironmentError(std::string("the result of a sabotage is damaged: ") + error.what(),
                           "remove it and try the sabotage again");
  }
}

}  // namespace proving_ground
