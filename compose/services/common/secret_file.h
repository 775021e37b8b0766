#pragma once

#include <filesystem>
#include <string>

namespace platform {

// Returns the content of a secret file without one trailing newline ("\n" or "\r\n").
// Throws ConfigurationError naming the file and the remedy, never the content, when the file cannot
// be read, is empty, or is larger than 64 KiB (which no password, key or token is).
std::string ReadSecretFile(const std::filesystem::path& path);

}  // namespace platform
