#include "support/report/decision.h"

#include <algorithm>
#include <map>

#include "support/base/count_text.h"

namespace proving_ground {
namespace {

constexpr Severity kSeverities[] = {Severity::kInfo, Severity::kLow, Severity::kMedium,
                                    Severity::kHigh, Severity::kCritical};

const std::map<std::string, ResultState>& StateWords() {
  static const std::map<std::string, ResultState> words = {
      {"inconclusive", ResultState::kInconclusive},
      {"skipped", ResultState::kSkipped},
      {"error", ResultState::kError},
      {"did-not-finish", ResultState::kDidNotFinish},
      {"not-run", ResultState::kNotRun}};
  return words;
}

std::string AllWords() {
  std::string text;
  for (const std::string& word : FailOnWords()) text += (text.empty() ? "" : ", ") + word;
  return text;
}

class Decision {
 public:
  Decision(const FailOn& fail_on, RunModel& model) : fail_on_(fail_on), model_(model) {}

  void Make() {
    Explain();
    model_.exit_code = Code();
    model_.headline = Headline();
  }

 private:
  void Explain() {
    model_.reasons.clear();
    if (const auto leaks = model_.leaks.size(); leaks > 0) {
      model_.reasons.push_back("secrets of the stack stand in the run's own files, at " +
                               std::to_string(leaks) + (leaks == 1 ? " place" : " places"));
    }
    for (const ResultState state :
         {ResultState::kFailed, ResultState::kError, ResultState::kDidNotFinish,
          ResultState::kInconclusive, ResultState::kNotRun, ResultState::kSkipped}) {
      for (const CriterionResult& result : model_.results) {
        if (result.state == state) {
          model_.reasons.push_back(result.Name() + " " + std::string(StateName(state)));
        }
      }
    }
    for (const HarnessTrouble& error : model_.errors) {
      model_.reasons.push_back(error.part + " stopped");
    }
    for (const std::string& part : model_.unreadable) model_.reasons.push_back(part);
    if (model_.results.empty()) model_.reasons.emplace_back("nothing was judged");
    if (const int findings = FindingsThatFail(); findings > 0) {
      model_.reasons.push_back(CountText(findings, "finding") +
                               " of the severity that --fail-on names");
    }
    if (fail_on_.residue && !model_.residue.empty()) {
      model_.reasons.push_back("left behind: " + model_.residue);
    }
  }

  bool Any(ResultState state) const { return model_.Count(state) > 0; }

  int FindingsThatFail() const {
    if (!fail_on_.findings || !model_.audit) return 0;
    const auto& findings = model_.audit->result.findings;
    return static_cast<int>(std::count_if(
        findings.begin(), findings.end(),
        [&](const Finding& finding) { return finding.severity >= *fail_on_.findings; }));
  }

  bool Asked() const {
    const bool states = std::any_of(fail_on_.states.begin(), fail_on_.states.end(),
                                    [&](ResultState state) { return Any(state); });
    return states || FindingsThatFail() > 0 || (fail_on_.residue && !model_.residue.empty());
  }

  ExitCode OfErrors() const {
    for (const HarnessTrouble& error : model_.errors) {
      if (error.exit_status == static_cast<int>(ExitCode::kUsage)) return ExitCode::kUsage;
    }
    for (const HarnessTrouble& error : model_.errors) {
      if (error.exit_status != static_cast<int>(ExitCode::kEnvironment)) return ExitCode::kInternal;
    }
    return model_.errors.empty() ? ExitCode::kInternal : ExitCode::kEnvironment;
  }

  ExitCode Code() const {
    if (Any(ResultState::kFailed) || !model_.leaks.empty()) return ExitCode::kCriterionFailed;
    if (!model_.errors.empty() || !model_.unreadable.empty()) return OfErrors();
    if (Asked()) return ExitCode::kCriterionFailed;
    if (Any(ResultState::kError)) return ExitCode::kInternal;
    const bool strict = fail_on_.states.contains(ResultState::kNotRun);
    if (Any(ResultState::kDidNotFinish) || Any(ResultState::kNotRun) ||
        Any(ResultState::kInconclusive) || !Any(ResultState::kPassed)) {
      return strict ? ExitCode::kCriterionFailed : ExitCode::kInconclusive;
    }
    return ExitCode::kProven;
  }

  std::string Headline() const {
    switch (model_.exit_code) {
      case ExitCode::kProven:
        return Any(ResultState::kSkipped)
                   ? "PROVEN IN PART: what was tried holds, not all was tried"
                   : "READY: every criterion was proven";
      case ExitCode::kCriterionFailed:
        return Any(ResultState::kFailed) ? "NOT READY: a criterion was missed"
               : !model_.leaks.empty() ? "NOT READY: the run's own files hold secrets of the stack"
                                       : "NOT READY: not every criterion was proven";
      case ExitCode::kInconclusive:
        return Any(ResultState::kDidNotFinish) ? "NOT PROVEN: the run did not finish"
                                               : "NOT PROVEN: the evidence is too thin to say";
      default:
        return "NOT PROVEN: the run could not be carried out";
    }
  }

  const FailOn& fail_on_;
  RunModel& model_;
};

}  // namespace

FailOn FailOn::Strict() {
  return {.states = {ResultState::kInconclusive, ResultState::kSkipped, ResultState::kDidNotFinish,
                     ResultState::kNotRun}};
}

const std::vector<std::string>& FailOnWords() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> words;
    for (const auto& [word, state] : StateWords()) words.push_back(word);
    words.emplace_back("residue");
    for (const Severity severity : kSeverities) words.emplace_back(SeverityName(severity));
    return words;
  }();
  return all;
}

void AddFailOn(const std::string& word, FailOn& fail_on) {
  if (const auto state = StateWords().find(word); state != StateWords().end()) {
    fail_on.states.insert(state->second);
    return;
  }
  if (word == "residue") {
    fail_on.residue = true;
    return;
  }
  for (const Severity severity : kSeverities) {
    if (SeverityName(severity) != word) continue;
    fail_on.findings = std::min(fail_on.findings.value_or(severity), severity);
    return;
  }
  throw UsageError("--fail-on " + word + " is not known", "name one of: " + AllWords());
}

void Decide(const FailOn& fail_on, RunModel& model) { Decision(fail_on, model).Make(); }

}  // namespace proving_ground
