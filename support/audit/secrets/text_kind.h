// What kind of text a file holds.
#pragma once

#include <string_view>

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

// By the name; kShellOrConfigFile if it does not tell.
TextKind KindOfFile(std::string_view path);

// By the name and, where that does not tell, by what most of the first lines look like.
TextKind KindOfText(std::string_view path, std::string_view text);

}  // namespace proving_ground
