#include "support/audit/sweep/secrets_record.h"

#include <nlohmann/json.hpp>

#include "support/audit/finding_json.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

json ServiceToJson(const SweptService& service) {
  json coverage = json::object();
  for (const auto& [what, cover] : service.coverage) {
    coverage[what] = json::object({{"expected", cover.expected}, {"looked_at", cover.looked_at}});
  }
  return json::object({{"name", service.name},
                       {"coverage", coverage},
                       {"places", service.looked.places},
                       {"bytes", service.looked.bytes}});
}

SweptService ServiceFromJson(const json& object) {
  SweptService service{.name = object.at("name").get<std::string>()};
  for (const auto& [what, cover] : object.at("coverage").items()) {
    service.coverage[what] = {cover.at("expected").get<int>(), cover.at("looked_at").get<int>()};
  }
  object.at("places").get_to(service.looked.places);
  object.at("bytes").get_to(service.looked.bytes);
  return service;
}

template <typename Row>
json ListToJson(const std::vector<Row>& rows) {
  json list = json::array();
  for (const Row& row : rows) list.push_back(audit::ToJson(row));
  return list;
}

}  // namespace

json ToJson(const SecretsRecord& record) {
  json document = json::object({{"schema_version", 1},
                                {"seconds", record.seconds},
                                {"planted", record.control.planted},
                                {"planted_found", record.control.found}});
  document["services"] = json::array();
  for (const SweptService& service : record.services) {
    document["services"].push_back(ServiceToJson(service));
  }
  document["findings"] = ListToJson(record.findings);
  document["waived"] = ListToJson(record.waived);
  document["unevaluated"] = ListToJson(record.unevaluated);
  return document;
}

SecretsRecord SecretsRecordFromJson(const json& document) {
  try {
    SecretsRecord record;
    document.at("seconds").get_to(record.seconds);
    document.at("planted").get_to(record.control.planted);
    document.at("planted_found").get_to(record.control.found);
    for (const json& service : document.at("services")) {
      record.services.push_back(ServiceFromJson(service));
    }
    for (const json& finding : document.at("findings")) {
      record.findings.push_back(audit::FindingFromJson(finding));
    }
    for (const json& waived : document.at("waived")) {
      record.waived.push_back(audit::WaivedFromJson(waived));
    }
    for (const json& one : document.at("unevaluated")) {
      record.unevaluated.push_back(audit::UnevaluatedFromJson(one));
    }
    return record;
  } catch (const json::exception& error) {
    throw EnvironmentError(
        std::string("the record of the search for secrets cannot be read: ") + error.what(),
        "search anew: harness audit --session=FILE");
  }
}

}  // namespace proving_ground
