#include "support/report/run_model_loader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "support/base/files.h"
#include "support/load/recording.h"
#include "support/report/attack_matrices.h"
#include "support/report/comparison.h"
#include "support/report/events.h"
#include "support/report/failover_exercises.h"
#include "support/report/leak_search.h"
#include "support/report/load_series.h"
#include "support/report/log_excerpts.h"
#include "support/report/redaction.h"
#include "support/report/results.h"
#include "support/report/run_folder.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json ReadJson(const fs::path& file) {
  json document = json::parse(ReadFile(file), nullptr, false);
  if (!document.is_object()) {
    throw EnvironmentError(file.filename().string() + " is no JSON object",
                           "it is damaged; run again");
  }
  return document;
}

class Loader {
 public:
  Loader(const fs::path& folder, const LoadOptions& options) : folder_(folder), options_(options) {}

  RunModel Load() {
    model_.name = folder_.path().filename().string();
    model_.folder = folder_.path().string();
    Part("events.ndjson", [&] { events_ = folder_.ReadEvents(); });
    Part("run.json", [&] { facts_ = folder_.ReadFacts(); });
    model_.environment = ReadEnvironment(facts_);
    Part("verdicts", [&] { ReadCourse(); });
    Part("errors", [&] { ReadErrors(); });
    model_.residue = folder_.ReadResidue();
    if (fs::exists(folder_.Leaks())) {
      Part("leaks.json", [&] { ReadLeaks(); });
    }
    if (fs::exists(folder_.AuditRecord())) {
      Part("audit.json",
           [&] { model_.audit = audit::RecordFromJson(ReadJson(folder_.AuditRecord())); });
    }
    if (!options_.results_only) ReadRecordings();
    Redactor(TextsOf(facts_, "secret_files")).Clean(model_);
    Decide(options_.fail_on, model_);
    CollectNotProven();
    return std::move(model_);
  }

 private:
  // Reads one part; what it throws is kept, and the rest is read all the same.
  template <typename Read>
  void Part(const std::string& name, const Read& read) {
    try {
      read();
    } catch (const std::exception& error) {
      model_.unreadable.push_back(name + " cannot be read: " + error.what());
    }
  }

  void ReadCourse() {
    const std::vector<std::string> planned =
        options_.suites.empty() ? TextsOf(facts_, "suites") : options_.suites;
    model_.results = ReadResults(folder_, events_, model_.environment, planned, model_.unreadable);
    model_.steps = ReadSteps(events_);
    model_.faults = ReadFaults(events_, model_.environment);
    for (const json& event : events_) {
      const auto at = TimeOf(event);
      if (!at) continue;
      if (!model_.started) model_.started = at;
      model_.ended = at;
      if (TextOf(event, "event") == "stack.down") model_.finished = true;
    }
  }

  // Trouble of a case that came to a good end in a later attempt is over.
  void ReadErrors() {
    std::set<std::string> over;
    for (const json& event : events_) {
      if (TextOf(event, "event") != kCaseEnd) continue;
      std::string part = TextOf(event, "case");
      std::replace(part.begin(), part.end(), '/', '.');
      if (TextOf(event, "result") == "failed") {
        over.erase(part);
      } else {
        over.insert(part);
      }
    }
    for (const RunFolder::HarnessError& error : folder_.ReadErrors()) {
      if (over.contains(error.part)) continue;
      model_.errors.push_back({error.part, error.exit_status, error.message});
    }
  }

  void ReadLeaks() {
    LeakSearch search = LeakSearchFromJson(ReadJson(folder_.Leaks()));
    model_.leaks = std::move(search.leaks);
    for (std::string& unsearched : search.unsearched) {
      model_.not_proven.push_back({"no secret in the reports", std::move(unsearched)});
    }
  }

  void ReadRecordings() {
    if (fs::exists(folder_.LoadRecording())) {
      Part("load.json",
           [&] { model_.load = MakeLoadSeries(LoadRecordingFile(folder_.LoadRecording())); });
    }
    for (const fs::path& file : folder_.JsonFilesIn("failover")) {
      Part(file.filename().string(), [&] { AddExercise(ReadExercise(ReadJson(file))); });
    }
    AttackReader attacks;
    for (const fs::path& file : folder_.JsonFilesIn("security")) {
      Part(file.filename().string(), [&] { attacks.Read(file.stem().string(), ReadJson(file)); });
    }
    model_.attacks = attacks.TakeMatrices();
    model_.neighbours = attacks.TakeNeighbours();
    Part("logs", [&] { model_.logs = ReadLogExcerpts(folder_.path(), model_); });
    if (!options_.previous.empty()) {
      Part("the previous run", [&] {
        const LoadOptions options{.fail_on = options_.fail_on, .results_only = true};
        model_.comparison = Compare(LoadRunModel(options_.previous, options), model_);
      });
    }
  }

  void AddExercise(FailoverExercise exercise) {
    for (const CriterionResult& result : model_.results) {
      if (result.criterion != exercise.criterion) continue;
      for (const Measure& measure : result.measures) {
        if (measure.name == "downtime" && measure.unit == "ms") {
          exercise.limit_s = measure.limit / 1000;
        }
      }
    }
    // Events tell of faults as they happen; recordings of runs that wrote none do, too.
    const bool told =
        std::any_of(model_.faults.begin(), model_.faults.end(), [&](const FaultPeriod& fault) {
          return fault.criterion == exercise.criterion && fault.team == exercise.team;
        });
    if (!told) {
      for (FaultPeriod& fault : FaultsOf(exercise)) model_.faults.push_back(std::move(fault));
      std::stable_sort(
          model_.faults.begin(), model_.faults.end(),
          [](const auto& one, const auto& other) { return one.injected < other.injected; });
    }
    model_.failover.push_back(std::move(exercise));
  }

  void CollectNotProven() {
    for (const CriterionResult& result : model_.results) {
      if (result.state == ResultState::kPassed || result.state == ResultState::kFailed) continue;
      model_.not_proven.push_back(
          {result.Name(), std::string(StateName(result.state)) + ": " + result.summary});
    }
    if (!model_.audit) return;
    for (const Unevaluated& rule : model_.audit->result.unevaluated) {
      model_.not_proven.push_back({rule.rule + " " + PlaceText(rule.place), rule.reason});
    }
  }

  const RunFolder folder_;
  const LoadOptions& options_;
  json facts_ = json::object();
  std::vector<json> events_;
  RunModel model_;
};

}  // namespace

RunModel LoadRunModel(const fs::path& folder, const LoadOptions& options) {
  if (!fs::is_directory(folder)) {
    throw UsageError(folder.string() + " is no run folder", "give the folder that a run printed");
  }
  return Loader(fs::canonical(folder), options).Load();
}

}  // namespace proving_ground
