// Small pieces shared by the parts of Engine: queries, and answers read as JSON.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "support/engine/types.h"

namespace proving_ground {

// Percent-encodes a value for a query or a path segment.
std::string UrlEncoded(std::string_view text);

// The engine's filter for objects that carry all of `labels`, ready for a query:
// {"label":["name=value","name"]}, percent-encoded.
std::string LabelFilter(const Labels& labels);

// Parses `text` and passes it to `read`. What is not JSON, or not of the expected shape, throws
// EnvironmentError that says what was being done.
void ReadJson(std::string_view text, const std::string& doing,
              const std::function<void(const nlohmann::json&)>& read);

// The first characters of an id, as people know them; names are left as they are.
std::string ShortId(const std::string& id);

}  // namespace proving_ground
