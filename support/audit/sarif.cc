#include "support/audit/sarif.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "support/audit/sweep_rules.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

// SARIF knows three levels; the number is what code hosts sort security findings by.
struct Level {
  const char* name;
  const char* score;
};

Level LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return {"error", "9.5"};
    case Severity::kHigh:
      return {"error", "8.0"};
    case Severity::kMedium:
      return {"warning", "5.5"};
    case Severity::kLow:
      return {"note", "3.0"};
    case Severity::kInfo:
      return {"note", "0.5"};
  }
  return {"none", "0.0"};
}

// Path as a relative URI reference: everything but unreserved characters and '/' is escaped.
std::string Uri(const std::string& path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

json RuleObject(const Rule& rule) {
  const Level level = LevelOf(rule.severity);
  const std::string area(AreaName(rule.area));
  json object;
  object["id"] = rule.id;
  object["shortDescription"]["text"] = rule.what;
  object["help"]["text"] = rule.remedy;
  object["defaultConfiguration"]["level"] = level.name;
  object["properties"]["security-severity"] = level.score;
  object["properties"]["severity"] = SeverityName(rule.severity);
  object["properties"]["source"] = rule.source;
  object["properties"]["tags"] = json::array({"security", area});
  return object;
}

json LocationObject(const Place& place) {
  json location;
  if (!place.file.empty()) {
    location["physicalLocation"]["artifactLocation"]["uri"] = Uri(place.file);
    if (place.line > 0) location["physicalLocation"]["region"]["startLine"] = place.line;
  }
  json logical;
  logical["name"] = ShownText(place.service.empty() ? place.object : place.service);
  logical["fullyQualifiedName"] = ShownText(
      place.field.empty() ? (place.service.empty() ? place.object : place.service) : place.field,
      200);
  logical["kind"] = place.service.empty() ? "object" : "module";
  location["logicalLocations"] = json::array({logical});
  return location;
}

// Stays the same when lines move: rule, service and what was seen.
std::string Fingerprint(const Finding& finding) {
  return fmt::format(
      "{}/{}/{}", finding.rule,
      ShownText(finding.place.service.empty() ? finding.place.object : finding.place.service),
      finding.evidence);
}

json ResultObject(const Finding& finding, const std::map<std::string, int>& indexes) {
  json object;
  object["ruleId"] = finding.rule;
  const auto index = indexes.find(finding.rule);
  if (index != indexes.end()) object["ruleIndex"] = index->second;
  object["level"] = LevelOf(finding.severity).name;
  object["message"]["text"] =
      fmt::format("{}: {}. {}", PlaceText(finding.place), finding.evidence, finding.remedy);
  object["locations"] = json::array({LocationObject(finding.place)});
  object["partialFingerprints"]["finding/v1"] = Fingerprint(finding);
  return object;
}

json SuppressedObject(const WaivedFinding& waived, const std::map<std::string, int>& indexes) {
  json object = ResultObject(waived.finding, indexes);
  json suppression;
  suppression["kind"] = "external";
  suppression["status"] = "accepted";
  suppression["justification"] =
      fmt::format("{} ({}, until {})", ShownText(waived.waiver.reason, 300),
                  ShownText(waived.waiver.owner, 60), ShownText(waived.waiver.expires, 30));
  object["suppressions"] = json::array({suppression});
  return object;
}

json NotificationObject(const Unevaluated& unevaluated) {
  json object;
  object["level"] = "warning";
  object["descriptor"]["id"] = unevaluated.rule;
  object["message"]["text"] = fmt::format("{} could not be evaluated: {}", unevaluated.rule,
                                          ShownText(unevaluated.reason, 300));
  object["locations"] = json::array({LocationObject(unevaluated.place)});
  return object;
}

}  // namespace

json SarifReport(const AuditResult& result) {
  json rules = json::array();
  std::map<std::string, int> indexes;
  for (const auto* list : {&AllAuditRules(), &SweepRules()}) {
    for (const Rule& rule : *list) {
      indexes[std::string(rule.id)] = static_cast<int>(rules.size());
      rules.push_back(RuleObject(rule));
    }
  }
  json results = json::array();
  for (const Finding& finding : result.findings) results.push_back(ResultObject(finding, indexes));
  for (const WaivedFinding& waived : result.waived)
    results.push_back(SuppressedObject(waived, indexes));
  json notifications = json::array();
  for (const Unevaluated& one : result.unevaluated)
    notifications.push_back(NotificationObject(one));

  json run;
  run["tool"]["driver"]["name"] = "Proving Ground";
  run["tool"]["driver"]["rules"] = std::move(rules);
  run["results"] = std::move(results);
  json invocation;
  invocation["executionSuccessful"] = true;
  invocation["toolExecutionNotifications"] = std::move(notifications);
  run["invocations"] = json::array({invocation});
  json report;
  report["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  report["version"] = "2.1.0";
  report["runs"] = json::array({run});
  return report;
}

}  // namespace proving_ground::audit
