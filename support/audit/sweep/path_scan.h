// Files and folders searched for secrets by hand, without a stack.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/audit/secrets/secret_detector.h"

namespace proving_ground {

struct FileDetection {
  std::string file;  // as the caller named it, or below the folder he named
  Detection detection;
};

struct PathScan {
  std::vector<FileDetection> detections;  // by file, then by line
  int files = 0;                          // that were searched
  std::vector<std::string> skipped;       // "FILE: why", programs and other data apart
};

// Throws UsageError for a path that does not exist.
PathScan ScanPaths(const std::vector<std::filesystem::path>& paths, const SecretDetector& detector);

// "compose.yaml:12 password-assignment, 14 bytes, fingerprint 5f0c…": a line each.
std::string PathScanText(const PathScan& scan);
nlohmann::json ToJson(const PathScan& scan);

}  // namespace proving_ground
