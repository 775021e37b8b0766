#include "support/audit/audit_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/audit/finding_json.h"
#include "support/base/errors.h"
#include "support/base/poll.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

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
  WaiverBook waivers(ReadWaivers(input.model), input.now);
  return MakeRecord(input, waivers);
}

AuditRecord MakeRecord(const AuditInput& input, WaiverBook& waivers) {
  const Clock::time_point begin = Clock::now();
  AuditRecord record{.result = Audit(input, waivers)};
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
    document["findings"].push_back(ToJson(finding));
  }
  for (const WaivedFinding& waived : record.result.waived) {
    document["waived"].push_back(ToJson(waived));
  }
  for (const Unevaluated& one : record.result.unevaluated) {
    document["unevaluated"].push_back(ToJson(one));
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
      record.result.unevaluated.push_back(UnevaluatedFromJson(one));
    }
    return record;
  } catch (const json::exception& error) {
    throw EnvironmentError(std::string("the audit's record cannot be read: ") + error.what(),
                           "audit anew: harness audit --session=FILE");
  }
}

}  // namespace proving_ground::audit
