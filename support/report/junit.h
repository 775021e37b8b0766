// The results of a run as JUnit XML, in one dialect that Jenkins, GitLab, dorny/test-reporter,
// EnricoMi/publish-unit-test-result and junitparser all read rightly:
//
// - one testsuite for each suite and team ("load", "load.sales"), one for the harness's own steps,
//   none nested; classname is the testsuite's name;
// - names say what is tried and are the same in every run: figures stand in messages and
//   properties;
// - each case has one outcome element at most: failure for a missed criterion, error for what could
//   not be judged, skipped for what was not tried; a planned case that never ran is an error of
//   type "incomplete";
// - the text of a failure ends with a line in the shape of a Java stack trace, from which
//   dorny/test-reporter learns file and line;
// - valid UTF-8 without control characters, at most 100 KB a case, times in UTC.
#pragma once

#include <filesystem>
#include <string>

#include "support/report/decision.h"
#include "support/report/run_model.h"

namespace proving_ground {

struct JUnitOptions {
  // What is inconclusive or skipped is an error where this names it, else skipped.
  FailOn fail_on;
  // Attachments are named relative to it; none are when the run folder lies elsewhere. Empty: none.
  std::filesystem::path repository;
};

inline constexpr std::size_t kMostOfCase = 100'000;  // bytes of XML

std::string JUnitXml(const RunModel& model, const JUnitOptions& options);

// Text as XML 1.0 may hold it: valid UTF-8, without control characters but tab and newline, at most
// `limit` bytes once it is escaped; what is cut off is marked.
std::string XmlText(std::string_view text, std::size_t limit);

}  // namespace proving_ground
