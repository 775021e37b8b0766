#include "support/progress/run_progress.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "support/progress/line_text.h"
#include "support/report/criteria.h"
#include "support/report/events.h"
#include "support/report/results.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Cases that judge a recording take milliseconds: that they begin is no news.
constexpr auto kWorthTelling = std::chrono::seconds(3);

milliseconds MillisecondsOf(const json& event, const char* name) {
  return milliseconds(static_cast<std::int64_t>(NumberOf(event, name).value_or(0)));
}

// As GoogleTest's events tell them; what belongs to no service is named "TheRest".
std::string ParameterOf(const json& event) {
  const std::string subject = TextOf(event, "subject");
  return subject == "TheRest" ? "" : CaseParameter(subject);
}

std::string WithSubject(const std::string& name, const std::string& subject) {
  return subject.empty() ? name : name + " " + subject;
}

std::string TookText(milliseconds took) {
  return fmt::format("{:.1f} s", static_cast<double>(took.count()) / 1000);
}

ResultState StateOfOutcome(const std::string& outcome) {
  if (outcome == OutcomeName(Outcome::kPassed)) return ResultState::kPassed;
  if (outcome == OutcomeName(Outcome::kFailed)) return ResultState::kFailed;
  if (outcome == OutcomeName(Outcome::kSkipped)) return ResultState::kSkipped;
  return ResultState::kInconclusive;
}

// A good verdict needs a case that came to a good end; a bad one stands whatever came after.
ResultState StateOfCase(const std::string& result, const std::optional<ResultState>& verdict) {
  if (verdict == ResultState::kFailed || verdict == ResultState::kInconclusive) return *verdict;
  if (result == "failed") return ResultState::kError;
  if (verdict) return *verdict;
  return result == "skipped" ? ResultState::kSkipped : ResultState::kInconclusive;
}

Tone ToneOf(ResultState state) {
  if (state == ResultState::kPassed) return Tone::kGood;
  if (state == ResultState::kFailed || state == ResultState::kError) return Tone::kBad;
  return Tone::kUnsure;
}

std::string FaultName(const json& event) {
  return TextOf(event, "fault") + " of " + TextOf(event, "target");
}

TeamProgress TeamProgressOf(const json& team) {
  return {TextOf(team, "team"),     CountOf(team, "workers"),  CountOf(team, "planned"),
          CountOf(team, "running"), CountOf(team, "finished"), CountOf(team, "failed"),
          NumberOf(team, "p99_ms")};
}

}  // namespace

int RunState::Count(ResultState state) const {
  return static_cast<int>(std::count_if(judged.begin(), judged.end(),
                                        [&](const auto& one) { return one.second == state; }));
}

std::vector<News> RunProgress::Apply(const json& event) {
  const auto at = TimeOf(event);
  if (!at) return {};
  at_ = *at;
  if (!state_.started) state_.started = at_;
  news_.clear();
  const std::string name = TextOf(event, "event");
  ApplyStep(name, event);
  ApplyStack(name, event);
  ApplyCase(name, event);
  ApplyFault(name, event);
  ApplyLoad(name, event);
  return std::move(news_);
}

std::vector<News> RunProgress::Tick(UtcTime now) {
  news_.clear();
  if (state_.activity && now - state_.activity->since >= kWorthTelling) TellBegin();
  return std::move(news_);
}

void RunProgress::Tell(std::string text, Tone tone, bool passing) {
  news_.push_back({at_, std::move(text), tone, passing});
}

// What happens in a case makes no sense before it is told which one runs.
void RunProgress::TellBegin() {
  if (!begin_) return;
  news_.push_back(*std::move(begin_));
  begin_.reset();
}

// Whatever runs has the stack for itself: when another process begins something, the one before
// came to an end that it could not write down.
void RunProgress::LeaveActivity(std::int64_t pid) {
  const bool case_runs = state_.activity && !state_.activity->suite.empty();
  if (case_runs && state_.activity->pid != pid) {
    state_.judged[key_] = ResultState::kDidNotFinish;
    Tell(state_.activity->name + " did not finish", Tone::kUnsure);
  }
  state_.activity.reset();
  state_.faults.clear();  // none outlives its case: a reaper mends what a killed one left
  begin_.reset();
  verdict_.reset();
}

void RunProgress::ApplyStep(const std::string& name, const json& event) {
  if (name == kStepStart) StartStep(event);
  if (name == kStepEnd) EndStep(event);
  if (name != "error") return;
  TellBegin();
  Tell(TextOf(event, "part") + ": " + TextOf(event, "message"), Tone::kBad);
}

void RunProgress::StartStep(const json& event) {
  LeaveActivity(CountOf(event, "pid"));
  Activity step;
  step.name = TextOf(event, "step");
  step.since = at_;
  step.pid = CountOf(event, "pid");
  Tell(step.name + " begins", Tone::kPlain, /*passing=*/true);
  state_.activity = std::move(step);
}

void RunProgress::EndStep(const json& event) {
  const std::string step = TextOf(event, "step");
  const std::int64_t status = CountOf(event, "exit_status");
  const std::string took = TookText(MillisecondsOf(event, "duration_ms"));
  if (status == 0) {
    Tell(step + " done after " + took);
  } else {
    Tell(fmt::format("{} ended with exit code {} after {}", step, status, took), Tone::kBad);
  }
  if (state_.activity && state_.activity->name == step) state_.activity.reset();
  state_.load.reset();
  if (step != "stack.down") return;
  state_.ended = true;
  LeaveActivity(CountOf(event, "pid"));
}

void RunProgress::ApplyStack(const std::string& name, const json& event) {
  const bool in_step = state_.activity && state_.activity->suite.empty();
  if (name == "stack.up") {
    state_.profile = TextOf(event, "profile");
    state_.teams = TextsOf(event, "teams");
  }
  if (name == "stack.ready") Tell("the stack is up");
  if (name != "stack.down") return;
  const std::string residue = TextOf(event, "residue");
  if (residue != "nothing" && !residue.empty()) Tell("left behind: " + residue, Tone::kUnsure);
  if (in_step) return;
  state_.ended = true;
  LeaveActivity(CountOf(event, "pid"));
  Tell("the stack was taken down");
}

void RunProgress::ApplyCase(const std::string& name, const json& event) {
  if (name == kCaseStart) StartCase(event);
  if (name == kCaseEnd) EndCase(event);
  if (name == "verdict") NoteVerdict(event);
  if (name == kCaseDuration && state_.activity) {
    state_.activity->planned = MillisecondsOf(event, "duration_ms");
  }
}

void RunProgress::StartCase(const json& event) {
  LeaveActivity(CountOf(event, "pid"));
  const std::string test = TextOf(event, "test");
  const Criterion* criterion = CriterionOfTest(test);
  Activity activity;
  const std::string parameter = ParameterOf(event);
  key_ = {criterion == nullptr ? test : std::string(criterion->id), parameter};
  activity.name = WithSubject(key_.first, parameter);
  activity.suite = criterion == nullptr ? "case" : criterion->suite;
  activity.claim = criterion == nullptr ? "" : criterion->claim;
  activity.since = at_;
  activity.pid = CountOf(event, "pid");
  const std::string what = activity.claim.empty() ? "" : ": " + activity.claim;
  begin_ = News{at_, activity.name + " begins" + what, Tone::kPlain, /*passing=*/true};
  state_.activity = std::move(activity);
}

void RunProgress::NoteVerdict(const json& event) {
  const std::string team = TextOf(event, "team");
  if (!state_.activity || TextOf(event, "criterion") != key_.first ||
      CaseParameter(team) != key_.second) {
    return;
  }
  state_.activity->name = WithSubject(key_.first, team);  // as it is spelt, not as a case's name
  verdict_.emplace(StateOfOutcome(TextOf(event, "outcome")), TextOf(event, "summary"));
}

void RunProgress::EndCase(const json& event) {
  if (!state_.activity || state_.activity->pid != CountOf(event, "pid")) return;
  const ResultState state =
      StateOfCase(TextOf(event, "result"),
                  verdict_ ? std::optional(verdict_->first) : std::optional<ResultState>());
  state_.judged[key_] = state;
  std::string text = fmt::format("{} {} after {}", state_.activity->name, StateName(state),
                                 TookText(MillisecondsOf(event, "duration_ms")));
  const std::vector<std::string> failures = TextsOf(event, "failures");
  if (state != ResultState::kPassed) {
    const bool told = verdict_ && state == verdict_->first;
    const std::string why = told ? verdict_->second : failures.empty() ? "" : failures.front();
    if (!why.empty()) text += ": " + why;
  }
  begin_.reset();
  Tell(std::move(text), ToneOf(state));
  LeaveActivity(CountOf(event, "pid"));
}

void RunProgress::ApplyFault(const std::string& name, const json& event) {
  if (!name.starts_with("fault.")) return;
  TellBegin();
  if (name == kFaultLeftover) {
    return Tell("mended what an earlier run left broken: " + TextOf(event, "what"), Tone::kUnsure);
  }
  if (name == kFaultInjected) {
    state_.faults.push_back({TextOf(event, "fault"), TextOf(event, "target"), at_});
    return Tell("fault: " + FaultName(event), Tone::kPlain, /*passing=*/true);
  }
  const auto open =
      std::find_if(state_.faults.begin(), state_.faults.end(), [&](const OpenFault& fault) {
        return fault.fault == TextOf(event, "fault") && fault.target == TextOf(event, "target");
      });
  if (open == state_.faults.end()) return;
  const std::string after = ShortDuration(duration_cast<milliseconds>(at_ - open->since));
  if (name == kFaultEffect) {
    open->felt = true;
    Tell("in effect: " + FaultName(event) + ": " + TextOf(event, "evidence"), Tone::kPlain, true);
  } else if (name == kFaultHealed) {
    open->healed = true;
    Tell("taken back after " + after + ": " + FaultName(event), Tone::kPlain, true);
  } else if (name == kFaultRecovered) {
    state_.faults.erase(open);
    const std::vector<std::string> differences = TextsOf(event, "differences");
    if (differences.empty()) return Tell("over after " + after + ": " + FaultName(event));
    Tell(fmt::format("not as before after {}: {}: {}", after, FaultName(event),
                     fmt::join(differences, "; ")),
         Tone::kUnsure);
  }
}

void RunProgress::ApplyLoad(const std::string& name, const json& event) {
  if (name == "load.start") state_.load = LoadProgress{.at = at_};
  if (name == "load.end") state_.load.reset();
  if (name != kLoadProgress) return;
  LoadProgress load{.at = at_, .phase = TextOf(event, "phase")};
  load.elapsed = MillisecondsOf(event, "elapsed_ms");
  load.duration = MillisecondsOf(event, "duration_ms");
  load.text = TextOf(event, "text");
  for (const json& team : ListOf(event, "teams")) load.teams.push_back(TeamProgressOf(team));
  if (!state_.load || state_.load->phase != load.phase) {
    Tell("load run: phase " + load.phase, Tone::kPlain, /*passing=*/true);
  }
  state_.load = std::move(load);
}

std::string StatusText(const RunState& state, UtcTime now) {
  std::string text = state.started ? "between two cases" : "nothing has begun yet";
  if (state.load && !state.load->text.empty()) {
    text = state.load->text;
  } else if (state.activity) {
    text = fmt::format("{} runs for {}", state.activity->name,
                       ShortDuration(duration_cast<milliseconds>(now - state.activity->since)));
    if (state.activity->planned) text += " of " + ShortDuration(*state.activity->planned);
  }
  for (const OpenFault& fault : state.faults) {
    text += fmt::format("; {} of {} {}", fault.fault, fault.target,
                        fault.healed ? "taken back"
                        : fault.felt ? "in effect"
                                     : "injected");
  }
  const auto judged = static_cast<int>(state.judged.size());
  if (judged == 0) return text;
  text += fmt::format("; {} of {} judged", judged, std::max(judged, state.planned));
  const int passed = state.Count(ResultState::kPassed);
  const int failed = state.Count(ResultState::kFailed);
  const int open = judged - passed - failed;
  if (failed > 0) text += fmt::format(", {} failed", failed);
  if (open > 0) text += fmt::format(", {} unproven", open);
  return text;
}

}  // namespace proving_ground
