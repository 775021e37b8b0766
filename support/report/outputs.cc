#include "support/report/outputs.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/base/files.h"
#include "support/report/events.h"
#include "support/report/junit.h"
#include "support/report/leak_search.h"
#include "support/report/metrics.h"
#include "support/report/summary.h"

namespace proving_ground {
namespace {

using nlohmann::json;

FailOn FailOnOfEnvironment() {
  FailOn fail_on;
  const char* words = std::getenv("PROVING_GROUND_FAIL_ON");
  std::istringstream list(words == nullptr ? "" : words);
  for (std::string word; std::getline(list, word, ',');) AddFailOn(word, fail_on);
  return fail_on;
}

}  // namespace

RunModel WriteOutputs(const RunFolder& folder, const LoadOptions& options,
                      const std::filesystem::path& repository) {
  RunModel model = LoadRunModel(folder.path(), options);
  const json summary = SummaryJson(model);
  WriteFileAtomically(folder.Summary(),
                      summary.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
  WriteFileAtomically(folder.JUnit(), JUnitXml(model, {options.fail_on, repository}));
  WriteFileAtomically(folder.Metrics(), MetricsText(model));
  WriteFileAtomically(folder.Markdown(), SummaryMarkdown(model));
  return model;
}

RunModel WriteFinalOutputs(const RunFolder& folder, const LoadOptions& options,
                           const std::filesystem::path& repository, const DrawPage& draw) {
  const auto write = [&] {
    RunModel model = WriteOutputs(folder, options, repository);
    WriteFileAtomically(folder.Html(), draw(model));
    return model;
  };
  std::filesystem::remove(folder.Leaks());  // of an earlier report
  RunModel model = write();
  const LeakSearch search =
      SearchForLeaks(folder.path(), TextsOf(folder.ReadFacts(), "secret_files"));
  WriteFileAtomically(folder.Leaks(),
                      ToJson(search).dump(2, ' ', false, json::error_handler_t::replace) + "\n");
  return search.leaks.empty() && search.unsearched.empty() ? model : write();
}

void RewriteJUnit(const RunFolder& folder, const std::filesystem::path& repository) {
  const LoadOptions options{.fail_on = FailOnOfEnvironment(), .results_only = true};
  const RunModel model = LoadRunModel(folder.path(), options);
  WriteFileAtomically(folder.JUnit(), JUnitXml(model, {options.fail_on, repository}));
}

}  // namespace proving_ground
