#include "support/audit/finding_json.h"

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

Severity SeverityFromName(const std::string& name) {
  for (const Severity severity :
       {Severity::kInfo, Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    if (SeverityName(severity) == name) return severity;
  }
  throw EnvironmentError("\"" + name + "\" is no severity", "the audit's record is damaged");
}

json PlaceToJson(const Place& place) {
  return json::object({{"service", place.service},
                       {"object", place.object},
                       {"field", place.field},
                       {"file", place.file},
                       {"line", place.line}});
}

Place PlaceFromJson(const json& object) {
  return {.service = object.at("service").get<std::string>(),
          .object = object.at("object").get<std::string>(),
          .field = object.at("field").get<std::string>(),
          .file = object.at("file").get<std::string>(),
          .line = object.at("line").get<int>()};
}

}  // namespace

json ToJson(const Finding& finding) {
  return json::object({{"rule", finding.rule},
                       {"severity", SeverityName(finding.severity)},
                       {"place", PlaceToJson(finding.place)},
                       {"evidence", finding.evidence},
                       {"remedy", finding.remedy}});
}

json ToJson(const WaivedFinding& waived) {
  json object = json::object({{"finding", ToJson(waived.finding)}});
  object["waiver"] = json::object({{"rule", waived.waiver.rule},
                                   {"service", waived.waiver.service},
                                   {"reason", waived.waiver.reason},
                                   {"owner", waived.waiver.owner},
                                   {"expires", waived.waiver.expires},
                                   {"field", waived.waiver.field}});
  return object;
}

json ToJson(const Unevaluated& unevaluated) {
  return json::object({{"rule", unevaluated.rule},
                       {"place", PlaceToJson(unevaluated.place)},
                       {"reason", unevaluated.reason}});
}

Finding FindingFromJson(const json& object) {
  return {.rule = object.at("rule").get<std::string>(),
          .severity = SeverityFromName(object.at("severity").get<std::string>()),
          .place = PlaceFromJson(object.at("place")),
          .evidence = object.at("evidence").get<std::string>(),
          .remedy = object.at("remedy").get<std::string>()};
}

WaivedFinding WaivedFromJson(const json& object) {
  const json& waiver = object.at("waiver");
  return {FindingFromJson(object.at("finding")),
          {.rule = waiver.at("rule").get<std::string>(),
           .service = waiver.at("service").get<std::string>(),
           .reason = waiver.at("reason").get<std::string>(),
           .owner = waiver.at("owner").get<std::string>(),
           .expires = waiver.at("expires").get<std::string>(),
           .field = waiver.at("field").get<std::string>()}};
}

Unevaluated UnevaluatedFromJson(const json& object) {
  return {object.at("rule").get<std::string>(), PlaceFromJson(object.at("place")),
          object.at("reason").get<std::string>()};
}

}  // namespace proving_ground::audit
