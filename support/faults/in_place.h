// Files whose inode must stay: one that is mounted into a container shows there only what is
// written into it, not what replaces it.
#pragma once

#include <filesystem>
#include <string_view>

namespace proving_ground {

// Overwrites an existing file in place and flushes it to the disk. Works for one without write
// permission, if it is ours; its mode stays. Not atomic: keep a copy of what it held. Throws
// EnvironmentError.
void OverwriteInPlace(const std::filesystem::path& path, std::string_view content);

// Removes a file for good: flushes its folder too. One that does not exist is fine. Throws
// EnvironmentError.
void RemoveForGood(const std::filesystem::path& path);

}  // namespace proving_ground
