#include "support/report/verdict.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Outcome, std::string_view>, 4> kNames = {{
    {Outcome::kPassed, "passed"},
    {Outcome::kFailed, "failed"},
    {Outcome::kInconclusive, "inconclusive"},
    {Outcome::kSkipped, "skipped"},
}};

Outcome OutcomeFromName(std::string_view name) {
  for (const auto& [outcome, known] : kNames) {
    if (known == name) return outcome;
  }
  throw EnvironmentError("the run folder holds an outcome \"" + std::string(name) + "\"",
                         "it was written by another version or damaged; run again");
}

json MeasureToJson(const Measure& measure) {
  return {{"name", measure.name},   {"observed", measure.observed}, {"relation", measure.relation},
          {"limit", measure.limit}, {"unit", measure.unit},         {"samples", measure.samples}};
}

Measure MeasureFromJson(const json& object) {
  Measure measure;
  measure.name = object.at("name").get<std::string>();
  measure.observed = object.at("observed").get<double>();
  measure.relation = object.at("relation").get<std::string>();
  measure.limit = object.at("limit").get<double>();
  measure.unit = object.at("unit").get<std::string>();
  measure.samples = object.at("samples").get<std::int64_t>();
  return measure;
}

}  // namespace

std::string_view OutcomeName(Outcome outcome) {
  for (const auto& [known, name] : kNames) {
    if (known == outcome) return name;
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, Outcome outcome) { return out << OutcomeName(outcome); }

bool Measure::Holds() const { return relation == ">=" ? observed >= limit : observed <= limit; }

std::optional<double> Measure::Margin() const {
  if (limit == 0) return std::nullopt;
  return (relation == ">=" ? observed - limit : limit - observed) / std::abs(limit);
}

std::ostream& operator<<(std::ostream& out, const Measure& measure) {
  return out << fmt::format("{} {:.4g} {} {:.4g} {} (n={})", measure.name, measure.observed,
                            measure.relation, measure.limit, measure.unit, measure.samples);
}

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  out << verdict.criterion;
  if (!verdict.team.empty()) out << " (" << verdict.team << ")";
  out << ' ' << verdict.outcome << ": " << verdict.summary;
  for (const std::string& detail : verdict.details) out << "\n  " << detail;
  return out;
}

json ToJson(const Verdict& verdict) {
  json measures = json::array();
  for (const Measure& measure : verdict.measures) measures.push_back(MeasureToJson(measure));
  return {{"criterion", verdict.criterion},
          {"team", verdict.team},
          {"outcome", OutcomeName(verdict.outcome)},
          {"summary", verdict.summary},
          {"measures", measures},
          {"details", verdict.details}};
}

Verdict VerdictFromJson(const json& object) {
  try {
    Verdict verdict;
    verdict.criterion = object.at("criterion").get<std::string>();
    verdict.team = object.at("team").get<std::string>();
    verdict.outcome = OutcomeFromName(object.at("outcome").get<std::string>());
    verdict.summary = object.at("summary").get<std::string>();
    for (const json& measure : object.at("measures")) {
      verdict.measures.push_back(MeasureFromJson(measure));
    }
    verdict.details = object.at("details").get<std::vector<std::string>>();
    return verdict;
  } catch (const json::exception& error) {
    throw EnvironmentError(
        std::string("a verdict in the run folder cannot be read: ") + error.what(),
        "it was written by another version or damaged; run again");
  }
}

}  // namespace proving_ground
