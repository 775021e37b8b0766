// Findings as they stand in the records of a run.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "support/audit/finding.h"
#include "support/audit/waivers.h"

namespace proving_ground::audit {

nlohmann::json ToJson(const Finding& finding);
nlohmann::json ToJson(const WaivedFinding& waived);
nlohmann::json ToJson(const Unevaluated& unevaluated);

// These throw nlohmann::json::exception for what is none, EnvironmentError for an unknown severity.
Finding FindingFromJson(const nlohmann::json& object);
WaivedFinding WaivedFromJson(const nlohmann::json& object);
Unevaluated UnevaluatedFromJson(const nlohmann::json& object);

}  // namespace proving_ground::audit
