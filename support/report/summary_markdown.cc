#include <fmt/format.h>

#include <algorithm>

#include "support/base/count_text.h"
#include "support/report/junit.h"
#include "support/report/summary.h"

namespace proving_ground {
namespace {

constexpr std::size_t kMostRows = 20;  // a page holds some fifty lines
constexpr std::size_t kMostOfText = 160;

// One line that shows as it is: no markup, no table borders, no HTML, nobody notified.
std::string Plain(const std::string& text) {
  std::string plain;
  for (const char c : XmlText(text, kMostOfText)) {
    if (c == '\n' || c == '\t') {
      plain += ' ';
    } else if (std::string_view("\\`*_[]<>|#!~").find(c) != std::string_view::npos) {
      plain += '\\';
      plain += c;
    } else if (c == '@') {
      plain += "@\xE2\x80\x8B";  // a space without width: no mention
    } else {
      plain += c;
    }
  }
  return plain;
}

int CountOf(const RunModel& model, const std::string& suite, ResultState state) {
  return static_cast<int>(std::count_if(
      model.results.begin(), model.results.end(),
      [&](const auto& result) { return result.suite == suite && result.state == state; }));
}

std::string SuiteTable(const RunModel& model) {
  std::string text =
      "| suite | passed | failed | inconclusive | skipped | not finished "
      "|\n|---|--:|--:|--:|--:|--:|\n";
  for (const std::string& suite : model.Suites()) {
    const auto count = [&](ResultState state) { return CountOf(model, suite, state); };
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", suite, count(ResultState::kPassed),
                        count(ResultState::kFailed), count(ResultState::kInconclusive),
                        count(ResultState::kSkipped),
                        count(ResultState::kNotRun) + count(ResultState::kDidNotFinish) +
                            count(ResultState::kError));
  }
  return text;
}

std::string MissText(const CriterionResult& result) {
  for (const Measure& measure : result.measures) {
    if (measure.Holds()) continue;
    const bool said = measure.unit == "count" || measure.name.ends_with(measure.unit);
    const std::string unit = said ? "" : " " + measure.unit;
    return fmt::format("{}: {:.6g}{}, limit {} {:.6g}{}", measure.name, measure.observed, unit,
                       measure.relation == "<=" ? "≤" : "≥", measure.limit, unit);
  }
  return result.summary;
}

// The worst first; those that were merely skipped or not run only where there is room.
std::string OpenTable(const RunModel& model) {
  std::string text = "\n| criterion | outcome | what was seen |\n|---|---|---|\n";
  std::size_t rows = 0;
  std::size_t left_out = 0;
  for (const ResultState state :
       {ResultState::kFailed, ResultState::kError, ResultState::kDidNotFinish,
        ResultState::kInconclusive, ResultState::kNotRun, ResultState::kSkipped}) {
    for (const CriterionResult& result : model.results) {
      if (result.state != state) continue;
      if (rows >= kMostRows) {
        ++left_out;
        continue;
      }
      ++rows;
      text += fmt::format("| {} | {} | {} |\n", Plain(result.Name()), StateName(state),
                          Plain(MissText(result)));
    }
  }
  if (left_out > 0) text += fmt::format("| … | | and {} more |\n", left_out);
  return rows == 0 ? "" : text;
}

std::string EnvironmentLine(const RunModel& model) {
  const RunEnvironment& environment = model.environment;
  std::string text = "\nRun " + Plain(model.name);
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) text += ", " + name + " " + Plain(value);
  };
  add("profile", environment.profile);
  add("commit", environment.commit.substr(0, 12));
  add("engine", environment.engine_version);
  if (environment.cores > 0) text += ", " + CountText(environment.cores, "core");
  return text + ".\n";
}

}  // namespace

std::string SummaryMarkdown(const RunModel& model) {
  const char* sign = model.exit_code == ExitCode::kProven            ? "✅"
                     : model.exit_code == ExitCode::kCriterionFailed ? "❌"
                                                                     : "⚠️";
  std::string text = fmt::format("### {} {}\n\n", sign, Plain(model.headline));
  text += SuiteTable(model) + OpenTable(model);
  for (std::size_t i = 0; i < std::min<std::size_t>(model.leaks.size(), 3); ++i) {
    text += "\n**secret**: " + Plain(model.leaks[i]) + "\n";
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(model.errors.size(), 3); ++i) {
    text += "\n**" + Plain(model.errors[i].part) + "**: " + Plain(model.errors[i].message) + "\n";
  }
  if (model.comparison) {
    const auto worse =
        std::count_if(model.comparison->changes.begin(), model.comparison->changes.end(),
                      [](const Change& change) { return change.worse; });
    text += fmt::format("\nAgainst {}: {}, {} for the worse.\n", Plain(model.comparison->previous),
                        CountText(model.comparison->changes.size(), "change"), worse);
  }
  if (!model.residue.empty()) text += "\nLeft behind: " + Plain(model.residue) + "\n";
  return text + EnvironmentLine(model);
}

}  // namespace proving_ground
