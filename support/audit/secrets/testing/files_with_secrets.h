// The files that MakeFilesWithSecrets fills in, by what people keep in them.
#pragma once

#include <span>

#include "support/audit/secrets/testing/marked_text.h"

namespace proving_ground {

std::span<const MarkedFile> StackFiles();        // of orchestrators and pipelines
std::span<const MarkedFile> EnvironmentFiles();  // NAME=value
std::span<const MarkedFile> ServerFiles();       // configuration of servers
std::span<const MarkedFile> ProgramFiles();      // sources, and settings of programs and tools
std::span<const MarkedFile> ScriptFiles();       // scripts, command lines, SQL
std::span<const MarkedFile> LogFiles();

}  // namespace proving_ground
