// The folder in which everything that one run learns lands.
//
//   events.ndjson     what happened, one JSON object a line, appended as it happens
//   run.json          facts: what runs where, on what, and which suites are meant to run
//   verdicts/         one file per judged criterion (and team)
//   load.json         the recording of the load run
//   audit.json        what the configuration audit found
//   secrets.json      what the search for secrets found
//   findings.sarif    the same for editors and code hosts
//   failover/         recordings of the failover exercises
//   security/         matrices: what was attacked, by whom, and what came of it
//   errors/           what stopped a part of the harness
//   logs/             output of the services
//   residue.txt       what taking the stack down could not remove; mostly absent
//   leaks.json        whether files of this folder hold a secret of the stack
//   junit.xml         results for dashboards, written anew after every case
//   summary.json, report.md, report.html, metrics.prom
//                     the verdict of the whole, written by the report, as is leaks.json
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/report/verdict.h"

namespace proving_ground {

class RunFolder {
 public:
  // Opens `path`, making it where needed. Throws EnvironmentError.
  explicit RunFolder(std::filesystem::path path);

  // A new folder "<parent>/<UTC time>-<process>", and "<parent>/latest" pointing at it.
  static RunFolder CreateIn(const std::filesystem::path& parent);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path LoadRecording() const { return path_ / "load.json"; }
  std::filesystem::path Events() const { return path_ / "events.ndjson"; }
  std::filesystem::path Facts() const { return path_ / "run.json"; }
  std::filesystem::path Summary() const { return path_ / "summary.json"; }
  std::filesystem::path Markdown() const { return path_ / "report.md"; }
  std::filesystem::path Metrics() const { return path_ / "metrics.prom"; }
  std::filesystem::path JUnit() const { return path_ / "junit.xml"; }
  std::filesystem::path Html() const { return path_ / "report.html"; }
  std::filesystem::path AuditRecord() const { return path_ / "audit.json"; }
  std::filesystem::path SecretsRecord() const { return path_ / "secrets.json"; }
  std::filesystem::path Findings() const { return path_ / "findings.sarif"; }
  std::filesystem::path Leaks() const { return path_ / "leaks.json"; }
  std::filesystem::path Logs() const { return path_ / "logs"; }

  // Appends one event with its UTC time and this process's id; whole lines even when several
  // processes write. What is known of every event stands in events.h.
  void AppendEvent(std::string_view event, const nlohmann::json& fields) const;
  // All events in the order in which they were written. A last line that was cut off is left out.
  std::vector<nlohmann::json> ReadEvents() const;

  // Facts about the run, "run.json": an object, empty when nothing was written down. WriteFacts
  // keeps the facts of other names.
  nlohmann::json ReadFacts() const;
  void WriteFacts(const nlohmann::json& facts) const;

  // Records a verdict; a later one of the same criterion and team replaces it.
  void WriteVerdict(const Verdict& verdict) const;

  // Records that a part of the harness ("stack.up") stopped because of `message`.
  void WriteError(std::string_view part, int exit_status, const std::string& message) const;

  // Records what taking the stack down could not remove.
  void WriteResidue(const std::string& text) const;
  // Empty when nothing was left.
  std::string ReadResidue() const;

  // The JSON files of one of its folders ("failover"), by name; none when there is no such folder.
  std::vector<std::filesystem::path> JsonFilesIn(const std::string& subfolder) const;

  struct HarnessError {
    std::string part;
    int exit_status;
    std::string message;
  };

  // In the order of their file names. A damaged file is left out and named, with what is wrong.
  std::vector<Verdict> ReadVerdicts(std::vector<std::string>& damaged) const;
  // The same; throws EnvironmentError for a damaged file.
  std::vector<Verdict> ReadVerdicts() const;
  std::vector<HarnessError> ReadErrors() const;

 private:
  std::filesystem::path path_;
};

}  // namespace proving_ground
