#include "support/notify/run_summary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// "20261130T021500Z-4711" is when that run began.
std::time_t StartOf(const std::string& folder) {
  std::tm time{};
  const char* const end = ::strptime(folder.c_str(), "%Y%m%dT%H%M%SZ", &time);
  return end == nullptr ? 0 : ::timegm(&time);
}

void AddResult(const json& result, RunSummary& summary) {
  const auto text = [&](const char* name) { return result.value(name, std::string()); };
  const std::string state = text("state").empty() ? text("outcome") : text("state");
  const std::string subject = text("service").empty() ? text("team") : text("service");
  ++summary.planned;
  if (state == "passed") ++summary.passed;
  if (state == "passed" || state == "skipped") return;
  const std::string id = text("criterion");
  const std::string name = subject.empty() ? id : id + " " + subject;
  const std::string why = text("summary");
  summary.open.push_back(name + ": " + state + (why.empty() ? "" : ": " + why));
  if (std::find(summary.missed.begin(), summary.missed.end(), id) == summary.missed.end()) {
    summary.missed.push_back(id);
  }
}

void Fill(const json& document, RunSummary& summary) {
  summary.headline = document.at("headline").get<std::string>();
  for (const char* list : {"results", "verdicts"}) {
    if (!document.contains(list)) continue;
    for (const json& result : document.at(list)) AddResult(result, summary);
  }
  for (const json& error : document.value("errors", json::array())) {
    summary.open.push_back(error.value("part", "?") + ": " + error.value("message", "?"));
  }
  if (document.contains("environment")) {
    summary.profile = document.at("environment").value("profile", "");
  }
  summary.exit_code = document.at("exit_code").get<int>();  // last: good only when all was read
}

}  // namespace

RunSummary ReadRunSummary(const fs::path& run_folder) {
  if (!fs::is_directory(run_folder)) {
    throw UsageError(run_folder.string() + " is no run folder",
                     "give the folder that a run printed");
  }
  RunSummary summary;
  const fs::path real = fs::canonical(run_folder);
  summary.run = real.filename().string();
  summary.started = StartOf(summary.run);
  const fs::path file = real / "summary.json";
  try {
    Fill(json::parse(ReadFile(file)), summary);
  } catch (const std::exception&) {
    summary.exit_code = static_cast<int>(ExitCode::kInternal);
    summary.headline = fs::exists(file) ? "NOT PROVEN: the run's summary.json cannot be read"
                                        : "NOT PROVEN: the run left no summary.json";
  }
  return summary;
}

std::vector<RunSummary> ReadRunsSince(const fs::path& runs, std::time_t since) {
  if (!fs::is_directory(runs)) {
    throw UsageError(runs.string() + " is no folder", "give the folder that holds the run folders");
  }
  std::vector<RunSummary> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(runs)) {
    if (entry.is_symlink() || !entry.is_directory()) continue;  // "latest" is one of the others
    const std::time_t started = StartOf(entry.path().filename().string());
    if (started != 0 && started >= since) found.push_back(ReadRunSummary(entry.path()));
  }
  std::sort(found.begin(), found.end(), [](const RunSummary& a, const RunSummary& b) {
    return std::tie(a.started, a.run) < std::tie(b.started, b.run);
  });
  return found;
}

}  // namespace proving_ground
