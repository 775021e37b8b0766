// Reads the engine's JSON into the types of types.h. Missing and null fields become defaults, since
// engines of different versions leave out different things; a field of a wrong type throws
// nlohmann::json::exception.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "support/engine/types.h"

namespace proving_ground {

ContainerSummary DecodeContainerSummary(const nlohmann::json& json);
ContainerDetails DecodeContainerDetails(const nlohmann::json& json);
std::optional<ResourceUsage> DecodeUsage(const nlohmann::json& json);
EngineInfo DecodeInfo(const nlohmann::json& json);
Network DecodeNetwork(const nlohmann::json& json);
Volume DecodeVolume(const nlohmann::json& json);
Image DecodeImage(const nlohmann::json& json);
Event DecodeEvent(const nlohmann::json& json);
nlohmann::json EncodeAttachment(const NetworkAttachment& attachment);

// "2026-11-23T09:52:57.123456789Z" in UTC; the engine's zero time and an empty text are the epoch.
SystemTime ParseTime(const std::string& text);
// The time as the engine takes it in queries: seconds since the epoch with nanoseconds.
std::string EpochText(SystemTime time);

}  // namespace proving_ground
