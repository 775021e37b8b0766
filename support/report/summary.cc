#include "support/report/summary.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using nlohmann::json;

bool Contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// The verdicts that `criterion` owes: one, or one for each team or service. Of those owed for one
// team at least all that were given count.
std::vector<std::string> OwedTeams(const Criterion& criterion, const Plan& plan,
                                   const std::vector<Verdict>& found) {
  if (criterion.scope == Scope::kStack) return {""};
  if (criterion.scope == Scope::kEachTeam) return plan.teams;
  if (criterion.scope == Scope::kEachService) return plan.services;
  if (criterion.scope == Scope::kEachServiceAndStack) {
    std::vector<std::string> owed = plan.services;
    owed.emplace_back();
    return owed;
  }
  std::vector<std::string> judged;
  for (const std::string& team : plan.teams) {
    if (std::any_of(found.begin(), found.end(), [&](const Verdict& verdict) {
          return verdict.criterion == criterion.id && verdict.team == team;
        })) {
      judged.push_back(team);
    }
  }
  return judged.empty() ? std::vector<std::string>{""} : judged;
}

bool Any(const Summary& summary, Outcome outcome) {
  return std::any_of(summary.verdicts.begin(), summary.verdicts.end(),
                     [&](const Verdict& verdict) { return verdict.outcome == outcome; });
}

ExitCode Decide(const Summary& summary, bool strict) {
  if (Any(summary, Outcome::kFailed)) return ExitCode::kCriterionFailed;
  for (const auto& error : summary.errors) {
    if (error.exit_status == static_cast<int>(ExitCode::kUsage)) return ExitCode::kUsage;
  }
  if (!summary.errors.empty()) {
    const int status = summary.errors.front().exit_status;
    return status == static_cast<int>(ExitCode::kEnvironment) ? ExitCode::kEnvironment
                                                              : ExitCode::kInternal;
  }
  if (!summary.not_run.empty() || summary.verdicts.empty() ||
      Any(summary, Outcome::kInconclusive)) {
    return strict ? ExitCode::kCriterionFailed : ExitCode::kInconclusive;
  }
  if (!Any(summary, Outcome::kPassed)) return ExitCode::kInconclusive;
  if (strict && Any(summary, Outcome::kSkipped)) return ExitCode::kCriterionFailed;
  return ExitCode::kProven;
}

std::string_view Headline(const Summary& summary) {
  switch (summary.exit_code) {
    case ExitCode::kProven:
      return Any(summary, Outcome::kSkipped)
                 ? "PROVEN IN PART: what was tried holds, not all was tried"
                 : "READY: every criterion was proven";
    case ExitCode::kCriterionFailed:
      return Any(summary, Outcome::kFailed) ? "NOT READY: a criterion was missed"
                                            : "NOT READY: not every criterion was proven";
    case ExitCode::kInconclusive:
      return "NOT PROVEN: the evidence is too thin to say";
    default:
      return "NOT PROVEN: the run could not be carried out";
  }
}

fmt::color ColourOf(Outcome outcome) {
  return outcome == Outcome::kPassed   ? fmt::color::green
         : outcome == Outcome::kFailed ? fmt::color::red
                                       : fmt::color::orange;
}

}  // namespace

Summary Summarize(const RunFolder& folder, const Plan& plan, bool strict) {
  Summary summary;
  summary.errors = folder.ReadErrors();
  summary.residue = folder.ReadResidue();
  const std::vector<Verdict> found = folder.ReadVerdicts();
  for (const Criterion& criterion : Criteria()) {
    if (!Contains(plan.suites, criterion.suite)) continue;
    for (const std::string& team : OwedTeams(criterion, plan, found)) {
      const auto verdict = std::find_if(found.begin(), found.end(), [&](const Verdict& v) {
        return v.criterion == criterion.id && v.team == team;
      });
      if (verdict == found.end()) {
        summary.not_run.push_back(std::string(criterion.id) + (team.empty() ? "" : " " + team));
      } else {
        summary.verdicts.push_back(*verdict);
      }
    }
  }
  summary.exit_code = Decide(summary, strict);
  return summary;
}

json ToJson(const Summary& summary) {
  json verdicts = json::array();
  for (const Verdict& verdict : summary.verdicts) verdicts.push_back(ToJson(verdict));
  json errors = json::array();
  for (const auto& error : summary.errors) {
    errors.push_back(
        {{"part", error.part}, {"exit_status", error.exit_status}, {"message", error.message}});
  }
  return {{"schema_version", 1},           {"exit_code", static_cast<int>(summary.exit_code)},
          {"headline", Headline(summary)}, {"verdicts", verdicts},
          {"not_run", summary.not_run},    {"errors", errors},
          {"residue", summary.residue}};
}

std::string RenderTable(const Summary& summary, bool colour) {
  std::size_t width = 12;  // of the names of teams and services
  for (const Verdict& verdict : summary.verdicts) width = std::max(width, verdict.team.size());
  std::string text =
      fmt::format("\n{:<5} {:<{}} {:<13} {:<34} {:>10}    {:<10} {:<6} {:>7}\n", "id", "team",
                  width, "outcome", "measure", "observed", "limit", "unit", "samples");
  for (const Verdict& verdict : summary.verdicts) {
    std::string outcome = fmt::format("{:<13}", OutcomeName(verdict.outcome));
    if (colour) outcome = fmt::format(fmt::fg(ColourOf(verdict.outcome)), "{}", outcome);
    std::string head = fmt::format("{:<5} {:<{}} {}", verdict.criterion,
                                   verdict.team.empty() ? "-" : verdict.team, width, outcome);
    for (const Measure& measure : verdict.measures) {
      text += fmt::format("{} {:<34} {:>10.4g} {} {:<10.4g} {:<6} {:>7}\n", head, measure.name,
                          measure.observed, measure.relation, measure.limit, measure.unit,
                          measure.samples);
      head = std::string(width + 20, ' ');
    }
    if (verdict.measures.empty()) text += head + "\n";
    if (verdict.outcome == Outcome::kPassed) continue;
    text += fmt::format("      {}\n", verdict.summary);
    for (const std::string& detail : verdict.details) text += fmt::format("      - {}\n", detail);
  }
  for (const std::string& name : summary.not_run) text += fmt::format("{:<18} not run\n", name);
  for (const auto& error : summary.errors) {
    text += fmt::format("{}: {}\n", error.part, error.message);
  }
  if (!summary.residue.empty()) text += fmt::format("warning: left behind: {}\n", summary.residue);
  return text + fmt::format("\n{}\n", Headline(summary));
}

}  // namespace proving_ground
