#include "support/audit/sweep/path_scan.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "support/audit/finding.h"
#include "support/audit/secrets/text_kind.h"
#include "support/audit/sweep/project_files.h"
#include "support/audit/sweep/system_files.h"
#include "support/base/count_text.h"
#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostFiles = 1'000'000;

std::string_view ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "unknown";
}

void ScanFile(const fs::path& file, const SecretDetector& detector, PathScan& scan) {
  std::string text;
  try {
    text = ReadFile(file);
  } catch (const EnvironmentError& error) {
    scan.skipped.push_back(file.string() + ": " + error.what());
    return;
  }
  if (!IsText(text)) return;
  ++scan.files;
  const ScanResult result = detector.Scan(text, KindOfText(file.string(), text));
  for (const Detection& detection : result.detections) {
    scan.detections.push_back({file.string(), detection});
  }
  if (!result.complete) scan.skipped.push_back(file.string() + ": searched in part only");
}

}  // namespace

PathScan ScanPaths(const std::vector<fs::path>& paths, const SecretDetector& detector) {
  PathScan scan;
  for (const fs::path& path : paths) {
    if (!fs::exists(path)) {
      throw UsageError("there is no " + path.string(), "name files or folders that exist");
    }
    for (const fs::path& file : FilesIn(path, kMostFiles, /*of_tools=*/true))
      ScanFile(file, detector, scan);
  }
  return scan;
}

std::string PathScanText(const PathScan& scan) {
  std::string text;
  for (const auto& [file, detection] : scan.detections) {
    text += fmt::format("{}:{} {}\n", ShownText(file, 500), detection.line, Describe(detection));
  }
  for (const std::string& skipped : scan.skipped) text += "not searched: " + skipped + "\n";
  return text + CountText(scan.files, "file") + ", " + CountText(scan.detections.size(), "secret") +
         "\n";
}

nlohmann::json ToJson(const PathScan& scan) {
  nlohmann::json secrets = nlohmann::json::array();
  for (const auto& [file, detection] : scan.detections) {
    nlohmann::json row = nlohmann::json::object();
    row["file"] = file;
    row["line"] = detection.line;
    row["offset"] = detection.offset;
    row["rule"] = detection.rule;
    row["length"] = detection.length;
    row["fingerprint"] = detection.fingerprint;
    row["confidence"] = ConfidenceName(detection.confidence);
    secrets.push_back(std::move(row));
  }
  nlohmann::json json = nlohmann::json::object();
  json["files"] = scan.files;
  json["secrets"] = std::move(secrets);
  json["skipped"] = scan.skipped;
  return json;
}

}  // namespace proving_ground
