// Arguments that a tool accepts, made from its own schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace proving_ground {

// All required arguments, as short and as plain as the schema (JSON Schema, an object) lets them
// be. Texts are `name` where the argument names something (key, name, account, id, prefix), and
// `text` elsewhere; numbers are the smallest allowed that are not negative.
nlohmann::json MinimalArguments(const nlohmann::json& schema, const std::string& name,
                                const std::string& text);

}  // namespace proving_ground
