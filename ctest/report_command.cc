#include "ctest/report_command.h"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "fixtures/run_facts.h"
#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/engine/engine_address.h"
#include "support/report/criteria.h"
#include "support/report/html/report_page.h"
#include "support/report/outputs.h"
#include "support/report/summary.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

// GitHub takes no more than this of all steps together.
constexpr std::uintmax_t kMostOfStepSummary = 1U << 20U;

struct ReportArguments {
  fs::path run_folder;
  std::vector<std::string> suites;
  bool strict = false;
  std::vector<std::string> fail_on;
  fs::path previous;
};

std::vector<std::string> KnownSuites() {
  std::vector<std::string> suites;
  for (const Criterion& criterion : Criteria()) {
    if (suites.empty() || suites.back() != criterion.suite) suites.emplace_back(criterion.suite);
  }
  return suites;
}

FailOn FailOnOf(const ReportArguments& arguments) {
  FailOn fail_on = arguments.strict ? FailOn::Strict() : FailOn();
  for (const std::string& word : arguments.fail_on) AddFailOn(word, fail_on);
  return fail_on;
}

void AppendStepSummary(const RunFolder& folder) {
  const std::string file = ProcessEnvironment("GITHUB_STEP_SUMMARY").value_or("");
  if (file.empty()) return;
  const std::string text = ReadFile(folder.Markdown());
  std::error_code absent;
  const std::uintmax_t before = fs::exists(file) ? fs::file_size(file, absent) : 0;
  if (before + text.size() > kMostOfStepSummary) return;
  std::ofstream stream(file, std::ios::app | std::ios::binary);
  stream << text;
  if (!stream.flush()) std::cerr << "GITHUB_STEP_SUMMARY " << file << " cannot be written\n";
}

int Report(const ReportArguments& arguments) {
  if (!fs::is_directory(arguments.run_folder)) {
    throw UsageError(arguments.run_folder.string() + " is no run folder",
                     "give the folder that a run printed");
  }
  const RunFolder folder(fs::canonical(arguments.run_folder));
  const LoadOptions options{
      .suites = arguments.suites, .fail_on = FailOnOf(arguments), .previous = arguments.previous};
  const RunModel model =
      WriteFinalOutputs(folder, options, SourceFolder(),
                        [](const RunModel& drawn) { return RenderReportPage(drawn); });
  AppendStepSummary(folder);
  const bool colour =
      ::isatty(STDOUT_FILENO) == 1 && ProcessEnvironment("NO_COLOR").value_or("").empty();
  std::cout << SummaryTable(model, colour) << "run folder: " << folder.path().string()
            << "\njunit: " << folder.JUnit().string() << "\nreport: " << folder.Html().string()
            << std::endl;
  return static_cast<int>(model.exit_code);
}

}  // namespace

void AddReportCommand(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<ReportArguments>();
  CLI::App* report = app.add_subcommand("report", "print the verdict of a run folder");
  report->add_option("run_folder", arguments->run_folder, "folder of the run")->required();
  report->add_option("--suite", arguments->suites, "suites that were meant to run")
      ->check(CLI::IsMember(KnownSuites()));
  report->add_flag("--strict", arguments->strict, "whatever was not proven counts as missed");
  report
      ->add_option("--fail-on", arguments->fail_on,
                   "what else counts as missed: outcomes, residue, findings from a severity on")
      ->delimiter(',')
      ->check(CLI::IsMember(FailOnWords()));
  report->add_option("--compare", arguments->previous, "an earlier run's folder to compare with");
  report->callback([arguments, &status] { status = Report(*arguments); });
}

}  // namespace proving_ground
