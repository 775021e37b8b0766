// What `inspect` of a container and the history of an image show to everybody who may ask the
// engine.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/audit/sweep/sweep.h"

namespace proving_ground {

struct ShownField {
  Area area;
  std::string field;  // "Config.Env FOO"
  std::string text;   // secret: never shown
  TextKind kind;
};

// Environment, command line, labels, health check and its last outputs, options of the logging
// driver. `inspect` is GET /containers/{id}/json; what is missing or of another shape is left out.
std::vector<ShownField> FieldsOfContainer(const nlohmann::json& inspect);

// Environment, command line, labels and health check of an image (GET /images/{id}/json), and the
// commands that made it (GET /images/{id}/history).
std::vector<ShownField> FieldsOfImage(const nlohmann::json& inspect, const nlohmann::json& history);

}  // namespace proving_ground
