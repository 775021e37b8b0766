// What the reaper needs to mend a stack without the harness, as a file beside the journal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/compose/compose.h"
#include "support/faults/fault.h"

namespace proving_ground {

struct ReaperSettings {
  std::filesystem::path journal;
  ComposeOptions compose;
  std::optional<RedisOperator> redis_operator;
};

// "<journal>.reaper.json".
std::filesystem::path ReaperSettingsPath(const std::filesystem::path& journal);
// Where the reaper tells what it did: "<journal>.reaper.log".
std::filesystem::path ReaperLogPath(const std::filesystem::path& journal);

// Settings for the stack of `context`. Where its compose files are is read off its containers.
// Throws EnvironmentError when it has none.
ReaperSettings ReaperSettingsFor(const FaultContext& context, const std::filesystem::path& journal);

// Readable by their owner only; they hold no secret. Both throw EnvironmentError.
void WriteReaperSettings(const ReaperSettings& settings);
ReaperSettings ReadReaperSettings(const std::filesystem::path& file);

}  // namespace proving_ground
