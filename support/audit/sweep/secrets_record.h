// What one search for secrets found out, as it is kept in the run folder for the cases to judge.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/audit/sweep/sweep.h"
#include "support/audit/waivers.h"

namespace proving_ground {

// Secrets planted where the same search must find them: without that, finding nothing says nothing.
struct SweepControl {
  int planted = 0;
  int found = 0;
};

// What had to be looked at, and was: containers, logs, ….
struct Coverage {
  int expected = 0;
  int looked_at = 0;
};
using Coverages = std::map<std::string, Coverage>;

// One service, or (with an empty name) what belongs to none.
struct SweptService {
  std::string name;
  Coverages coverage;
  Looked looked;
};

struct SecretsRecord {
  // Those with a role, of the run's teams, and the shared ones; then what belongs to none of them.
  std::vector<SweptService> services;
  SweepControl control;
  std::vector<Finding> findings;
  std::vector<audit::WaivedFinding> waived;
  std::vector<Unevaluated> unevaluated;
  double seconds = 0;
};

// Holds no secrets.
nlohmann::json ToJson(const SecretsRecord& record);
// Throws EnvironmentError for what is no record.
SecretsRecord SecretsRecordFromJson(const nlohmann::json& json);

}  // namespace proving_ground
