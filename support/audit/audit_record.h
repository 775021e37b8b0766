// What one audit found out, as it is kept in the run folder for the cases to judge.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/audit/audit.h"

namespace proving_ground::audit {

struct AuditedService {
  std::string name;
  std::string team;    // empty: shared
  int containers = 0;  // running ones
};

struct AuditRecord {
  // Those with a role: of the run's teams, and the shared ones.
  std::vector<AuditedService> services;
  AuditResult result;
  double collecting_seconds = 0;  // asking engine, kernel and Redis
  double judging_seconds = 0;     // applying all rules
};

// Audits, with the time that it took.
AuditRecord MakeRecord(const AuditInput& input);
// `waivers` may have been applied to other findings before.
AuditRecord MakeRecord(const AuditInput& input, WaiverBook& waivers);

// Holds no secrets.
nlohmann::json ToJson(const AuditRecord& record);
// Throws EnvironmentError for what is no record.
AuditRecord RecordFromJson(const nlohmann::json& json);

}  // namespace proving_ground::audit
