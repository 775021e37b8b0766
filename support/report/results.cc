#include "support/report/results.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "support/report/criteria.h"
#include "support/report/events.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// The last attempt of a case.
struct CaseRecord {
  UtcTime started;
  std::int64_t pid = 0;
  bool ended = false;
  std::string result;
  std::optional<milliseconds> duration;
  std::vector<std::string> failures;
  std::string file;
  int line = 0;
};

using Key = std::pair<std::string, std::string>;  // criterion, parameter of its case

milliseconds DurationOf(const json& event) {
  return milliseconds(static_cast<std::int64_t>(NumberOf(event, "duration_ms").value_or(0)));
}

bool IsJudgedByService(const Criterion& criterion) {
  return criterion.scope == Scope::kEachService || criterion.scope == Scope::kEachServiceAndStack;
}

// Names of cases cannot end with nothing: what belongs to no service is "the rest".
std::string ParameterOf(const json& event) {
  const std::string subject = TextOf(event, "subject");
  return subject == "TheRest" ? "" : CaseParameter(subject);
}

class Cases {
 public:
  explicit Cases(const std::vector<json>& events) {
    for (const json& event : events) {
      const std::string name = TextOf(event, "event");
      if (name == kCasesPlanned) Plan(event);
      if (name == kCaseStart) Start(event);
      if (name == kCaseEnd) End(event);
    }
  }

  const CaseRecord* Find(const Criterion& criterion, const std::string& subject) const {
    const auto found = records_.find({std::string(criterion.id), CaseParameter(subject)});
    return found == records_.end() ? nullptr : &found->second;
  }

  bool Planned(const Criterion& criterion, const std::string& subject) const {
    return planned_.contains({std::string(criterion.id), CaseParameter(subject)});
  }

  // Parameters with which the criterion's case was to be tried.
  std::set<std::string> Parameters(const Criterion& criterion) const {
    std::set<std::string> parameters;
    for (const Key& key : planned_) {
      if (key.first == criterion.id) parameters.insert(key.second);
    }
    return parameters;
  }

 private:
  void Plan(const json& event) {
    for (const json& one : ListOf(event, "cases")) {
      const Criterion* criterion = CriterionOfTest(TextOf(one, "test"));
      if (criterion == nullptr) continue;
      planned_.insert({std::string(criterion->id), ParameterOf(one)});
    }
  }

  void Start(const json& event) {
    const Criterion* criterion = CriterionOfTest(TextOf(event, "test"));
    const auto at = TimeOf(event);
    if (criterion == nullptr || !at) return;
    CaseRecord record{.started = *at, .pid = CountOf(event, "pid")};
    record.file = TextOf(event, "file");
    record.line = static_cast<int>(CountOf(event, "line"));
    const Key key{criterion->id, ParameterOf(event)};
    planned_.insert(key);
    names_[TextOf(event, "case")] = key;
    records_[key] = std::move(record);
  }

  void End(const json& event) {
    const auto key = names_.find(TextOf(event, "case"));
    if (key == names_.end()) return;
    CaseRecord& record = records_.at(key->second);
    if (record.pid != CountOf(event, "pid")) return;  // of an earlier attempt
    record.ended = true;
    record.result = TextOf(event, "result");
    record.duration = DurationOf(event);
    record.failures = TextsOf(event, "failures");
  }

  std::set<Key> planned_;
  std::map<std::string, Key> names_;
  std::map<Key, CaseRecord> records_;
};

ResultState StateOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return ResultState::kPassed;
    case Outcome::kFailed:
      return ResultState::kFailed;
    case Outcome::kSkipped:
      return ResultState::kSkipped;
    case Outcome::kInconclusive:
      break;
  }
  return ResultState::kInconclusive;
}

// A good verdict needs a case that came to a good end; a bad one stands whatever came after.
void JudgeCase(const CaseRecord& record, bool has_verdict, CriterionResult& result) {
  const bool bad = result.state == ResultState::kFailed;
  result.failures = record.failures;
  if (!record.ended && !bad) {
    result.state = ResultState::kDidNotFinish;
    result.summary = "its case began at " + UtcText(record.started) +
                     " and has not ended: it was killed, crashed, ran out of time, or still runs";
    return;
  }
  const bool unsaid = has_verdict && result.state == ResultState::kInconclusive;
  if (record.result == "failed" && !bad && !unsaid) {
    result.state = ResultState::kError;
    result.summary = record.failures.empty() ? "its case failed" : record.failures.front();
  } else if (!has_verdict) {
    result.state = ResultState::kInconclusive;
    result.summary = "its case ended without a verdict";
  }
}

class ResultMaker {
 public:
  ResultMaker(const RunFolder& folder, const std::vector<json>& events,
              const RunEnvironment& environment, std::vector<std::string>& damaged)
      : folder_(folder), environment_(environment), cases_(events) {
    for (const Verdict& verdict : folder.ReadVerdicts(damaged)) {
      verdicts_[{verdict.criterion, verdict.team}] = verdict;
    }
  }

  void Add(const Criterion& criterion, bool planned, std::vector<CriterionResult>& results) const {
    for (const std::string& subject : SubjectsOf(criterion, planned)) {
      results.push_back(Make(criterion, subject));
    }
  }

 private:
  std::vector<std::string> Known(const Criterion& criterion) const {
    if (criterion.scope == Scope::kStack) return {""};
    if (!IsJudgedByService(criterion)) return environment_.teams;
    std::vector<std::string> services;
    for (const auto& [service, team] : environment_.services) services.push_back(service);
    if (criterion.scope == Scope::kEachServiceAndStack) services.emplace_back();
    return services;
  }

  bool Seen(const Criterion& criterion, const std::string& subject) const {
    return verdicts_.contains({std::string(criterion.id), subject}) ||
           cases_.Planned(criterion, subject);
  }

  // What the criterion owes, and what it has been tried on.
  std::vector<std::string> SubjectsOf(const Criterion& criterion, bool planned) const {
    std::vector<std::string> subjects;
    const bool all = planned && criterion.scope != Scope::kOneTeam;
    for (const std::string& subject : Known(criterion)) {
      if (all || Seen(criterion, subject)) subjects.push_back(subject);
    }
    AddUnknown(criterion, subjects);
    if (planned && subjects.empty()) subjects.emplace_back();
    return subjects;
  }

  // Those that no list of teams or services names: the run broke off before it wrote them down.
  void AddUnknown(const Criterion& criterion, std::vector<std::string>& subjects) const {
    std::set<std::string> known;
    for (const std::string& subject : subjects) known.insert(CaseParameter(subject));
    for (const auto& [key, verdict] : verdicts_) {
      if (key.first != criterion.id || !known.insert(CaseParameter(key.second)).second) continue;
      subjects.push_back(key.second);
    }
    for (const std::string& parameter : cases_.Parameters(criterion)) {
      if (known.insert(parameter).second) subjects.push_back(parameter);
    }
  }

  CriterionResult Make(const Criterion& criterion, const std::string& subject) const {
    CriterionResult result;
    result.criterion = criterion.id;
    result.suite = criterion.suite;
    result.claim = criterion.claim;
    result.test = criterion.test;
    result.file = "suites/" + result.suite + "/" + std::string(criterion.file);
    SetSubject(criterion, subject, result);
    result.summary = "its case never began";
    const auto verdict = verdicts_.find({result.criterion, subject});
    if (verdict != verdicts_.end()) {
      result.state = StateOf(verdict->second.outcome);
      result.summary = verdict->second.summary;
      result.measures = verdict->second.measures;
      result.details = verdict->second.details;
    }
    if (const CaseRecord* record = cases_.Find(criterion, subject)) {
      if (!record->file.empty()) result.file = record->file;
      result.line = record->line;
      result.started = record->started;
      result.duration = record->duration;
      JudgeCase(*record, verdict != verdicts_.end(), result);
    }
    AddEvidence(result);
    return result;
  }

  void SetSubject(const Criterion& criterion, const std::string& subject,
                  CriterionResult& result) const {
    if (!IsJudgedByService(criterion)) {
      result.team = subject;
      return;
    }
    result.service = subject;
    const auto found = environment_.services.find(subject);
    if (found != environment_.services.end()) result.team = found->second;
  }

  // Files that hold what the verdict rests on, where they exist.
  void AddEvidence(CriterionResult& result) const {
    const std::string& id = result.criterion;
    const std::string& team = result.team;
    const auto keep = [&](const std::string& file) {
      if (std::filesystem::exists(folder_.path() / file)) result.evidence.push_back(file);
    };
    const std::string subject = result.Subject();
    keep("verdicts/" + (subject.empty() ? id : id + "." + subject) + ".json");
    if (result.suite == "load") keep("load.json");
    if (result.suite == "failover" || result.suite == "chaos") {
      const std::vector<std::string> teams =
          team.empty() ? environment_.teams : std::vector<std::string>{team};
      for (const std::string& one : teams) keep("failover/" + id + "." + one + ".json");
    }
    static const std::map<std::string, std::string> kMatrices = {
        {"S-2", "cross-team-"},   {"S-7", "redis-access-"}, {"S-8", "redis-server"},
        {"S-11", "tokens"},       {"S-12", "transport"},    {"S-13", "hostile-input"},
        {"S-14", "reachability"}, {"S-15", "egress"},       {"S-17", "flood-"}};
    if (const auto matrix = kMatrices.find(id); matrix != kMatrices.end()) {
      keep("security/" + matrix->second + (matrix->second.back() == '-' ? team : "") + ".json");
    }
    if (id == "S-3") keep("secrets.json");
    if ((!result.service.empty() && id != "S-3") || id == "S-18") {
      keep("audit.json");
      keep("findings.sarif");
    }
  }

  const RunFolder& folder_;
  const RunEnvironment& environment_;
  const Cases cases_;
  std::map<Key, Verdict> verdicts_;
};

// The team that a case's parameter stands for.
std::string TeamOf(const std::string& parameter, const RunEnvironment& environment) {
  for (const std::string& team : environment.teams) {
    if (CaseParameter(team) == CaseParameter(parameter)) return team;
  }
  return parameter;
}

}  // namespace

std::string CaseParameter(const std::string& subject) {
  std::string parameter = subject;
  for (char& c : parameter) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!kept) c = '_';
  }
  return parameter;
}

std::vector<CriterionResult> ReadResults(const RunFolder& folder, const std::vector<json>& events,
                                         const RunEnvironment& environment,
                                         const std::vector<std::string>& suites,
                                         std::vector<std::string>& damaged) {
  const ResultMaker maker(folder, events, environment, damaged);
  std::vector<CriterionResult> results;
  for (const Criterion& criterion : Criteria()) {
    const bool planned = std::find(suites.begin(), suites.end(), criterion.suite) != suites.end();
    if (planned || suites.empty()) maker.Add(criterion, planned, results);
  }
  return results;
}

std::vector<HarnessStep> ReadSteps(const std::vector<json>& events) {
  std::vector<HarnessStep> steps;
  for (const json& event : events) {
    const std::string name = TextOf(event, "event");
    if (name == kStepStart)
      steps.push_back({.name = TextOf(event, "step"), .started = TimeOf(event)});
    if (name != kStepEnd) continue;
    const auto last = std::find_if(steps.rbegin(), steps.rend(), [&](const HarnessStep& step) {
      return step.name == TextOf(event, "step") && !step.duration;
    });
    if (last == steps.rend()) continue;
    last->duration = DurationOf(event);
    last->exit_status = static_cast<int>(CountOf(event, "exit_status"));
  }
  return steps;
}

std::vector<FaultPeriod> ReadFaults(const std::vector<json>& events,
                                    const RunEnvironment& environment) {
  std::vector<FaultPeriod> faults;
  std::map<std::int64_t, std::pair<std::string, std::string>> running;  // by process
  for (const json& event : events) {
    const std::string name = TextOf(event, "event");
    if (name == kCaseStart) {
      const Criterion* criterion = CriterionOfTest(TextOf(event, "test"));
      running[CountOf(event, "pid")] = {criterion == nullptr ? "" : std::string(criterion->id),
                                        TeamOf(TextOf(event, "subject"), environment)};
    }
    if (!name.starts_with("fault.")) continue;
    const std::string fault = TextOf(event, "fault");
    const std::string target = TextOf(event, "target");
    if (name == kFaultInjected) {
      const auto& [criterion, team] = running[CountOf(event, "pid")];
      faults.push_back({fault, target, criterion, team, "", TimeOf(event)});
      continue;
    }
    const auto last = std::find_if(faults.rbegin(), faults.rend(), [&](const FaultPeriod& period) {
      return period.fault == fault && period.target == target && !period.recovered;
    });
    if (last == faults.rend()) continue;
    if (name == kFaultEffect) {
      last->effect = TimeOf(event);
      last->evidence = TextOf(event, "evidence");
    }
    if (name == kFaultHealed) last->healed = TimeOf(event);
    if (name == kFaultRecovered) {
      last->recovered = TimeOf(event);
      last->differences = TextsOf(event, "differences");
    }
  }
  return faults;
}

}  // namespace proving_ground
