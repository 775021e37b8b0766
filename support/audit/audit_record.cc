#include "support/audit/audit_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/poll.h"

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

json FindingToJson(const Finding& finding) {
  return json::object({{"rule", finding.rule},
                       {"severity", SeverityName(finding.severity)},
                       {"place", PlaceToJson(finding.place)},
                       {"evidence", finding.evidence},
                       {"remedy", finding.remedy}});
}

Finding FindingFromJson(const json& object) {
  return {.rule = object.at("rule").get<std::string>(),
          .severity = SeverityFromName(object.at("severity").get<std::string>()),
          .place = PlaceFromJson(object.at("place")),
          .evidence = object.at("evidence").get<std::string>(),
          .remedy = object.at("remedy").get<std::string>()};
}

json WaivedToJson(const WaivedFinding& waived) {
  json object = json::object({{"finding", FindingToJson(waived.finding)}});
  object["waiver"] = json::object({{"rule", waived.waiver.rule},
                                   {"service", waived.waiver.service},
                                   {"reason", waived.waiver.reason},
                                   {"owner", waived.waiver.owner},
                                   {"expires", waived.waiver.expires},
                                   {"field", waived.waiver.field}});
  return object;
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

// What cases are named after: services with a part to play whose team takes part in the run.
std::vector<AuditedService> ServicesOf(const AuditInput& input) {
  std::vector<AuditedService> services;
  const StackView stack(input);
  for (const Service& service : stack.services()) {
    if (!service.selected || service.role.empty() || service.model == nullptr) continue;
    const auto running =
        std::count_if(service.containers.begin(), service.containers.end(),
                      [](const Container& container) { return container.running; });
    services.push_back({service.name, service.team, static_cast<int>(running)});
  }
  return services;
}

}  // namespace

AuditRecord MakeRecord(const AuditInput& input) {
  const Clock::time_point begin = Clock::now();
  AuditRecord record{.result = Audit(input)};
  record.judging_seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  record.services = ServicesOf(input);
  return record;
}

json ToJson(const AuditRecord& record) {
  json document = json::object({{"schema_version", 1},
                                {"collecting_seconds", record.collecting_seconds},
                                {"judging_seconds", record.judging_seconds},
                                {"rules", AllAuditRules().size()}});
  for (const char* list : {"services", "findings", "waived", "unevaluated"}) {
    document[list] = json::array();
  }
  for (const AuditedService& service : record.services) {
    document["services"].push_back(json::object(
        {{"name", service.name}, {"team", service.team}, {"containers", service.containers}}));
  }
  for (const Finding& finding : record.result.findings) {
    document["findings"].push_back(FindingToJson(finding));
  }
  for (const WaivedFinding& waived : record.result.waived) {
    document["waived"].push_back(WaivedToJson(waived));
  }
  for (const Unevaluated& one : record.result.unevaluated) {
    document["unevaluated"].push_back(json::object(
        {{"rule", one.rule}, {"place", PlaceToJson(one.place)}, {"reason", one.reason}}));
  }
  return document;
}

AuditRecord RecordFromJson(const json& document) {
  try {
    AuditRecord record;
    record.collecting_seconds = document.at("collecting_seconds").get<double>();
    record.judging_seconds = document.at("judging_seconds").get<double>();
    for (const json& service : document.at("services")) {
      record.services.push_back({service.at("name").get<std::string>(),
                                 service.at("team").get<std::string>(),
                                 service.at("containers").get<int>()});
    }
    for (const json& finding : document.at("findings")) {
      record.result.findings.push_back(FindingFromJson(finding));
    }
    for (const json& waived : document.at("waived")) {
      record.result.waived.push_back(WaivedFromJson(waived));
    }
    for (const json& one : document.at("unevaluated")) {
      record.result.unevaluated.push_back({one.at("rule").get<std::string>(),
                                           PlaceFromJson(one.at("place")),
                                           one.at("reason").get<std::string>()});
    }
    return record;
  } catch (const json::exception& error) {
    throw EnvironmentError(std::string("the audit's record cannot be read: ") + error.what(),
                           "audit anew: harness audit --session=FILE");
  }
}

}  // namespace proving_ground::audit
