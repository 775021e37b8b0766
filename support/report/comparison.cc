#include "support/report/comparison.h"

#include <algorithm>
#include <cmath>

namespace proving_ground {
namespace {

constexpr double kNoise = 0.1;  // a figure that moves by less than a tenth has not moved

// How good a state is: less is better.
int RankOf(ResultState state) {
  switch (state) {
    case ResultState::kPassed:
      return 0;
    case ResultState::kSkipped:
      return 1;
    case ResultState::kNotRun:
      return 2;
    case ResultState::kInconclusive:
    case ResultState::kDidNotFinish:
      return 3;
    case ResultState::kError:
      return 4;
    case ResultState::kFailed:
      return 5;
  }
  return 5;
}

const CriterionResult* Find(const RunModel& model, const std::string& name) {
  const auto found = std::find_if(model.results.begin(), model.results.end(),
                                  [&](const auto& result) { return result.Name() == name; });
  return found == model.results.end() ? nullptr : &*found;
}

const Measure* Find(const CriterionResult& result, const std::string& name) {
  const auto found = std::find_if(result.measures.begin(), result.measures.end(),
                                  [&](const Measure& measure) { return measure.name == name; });
  return found == result.measures.end() ? nullptr : &*found;
}

void CompareStates(const std::string& name, const CriterionResult* before,
                   const CriterionResult* after, std::vector<Change>& changes) {
  Change change{.result = name};
  if (before != nullptr) change.state_before = StateName(before->state);
  if (after != nullptr) change.state_after = StateName(after->state);
  if (change.state_before == change.state_after) return;
  change.worse =
      before != nullptr && after != nullptr && RankOf(after->state) > RankOf(before->state);
  changes.push_back(change);
}

void CompareMeasures(const CriterionResult& before, const CriterionResult& after,
                     std::vector<Change>& changes) {
  for (const Measure& measure : after.measures) {
    const Measure* earlier = Find(before, measure.name);
    if (earlier == nullptr) continue;
    const double difference = measure.observed - earlier->observed;
    if (std::abs(difference) <= kNoise * std::abs(earlier->observed)) continue;
    const bool worse = measure.relation == ">=" ? difference < 0 : difference > 0;
    changes.push_back({after.Name(), measure.name, measure.unit, earlier->observed,
                       measure.observed, std::string(StateName(before.state)),
                       std::string(StateName(after.state)), worse});
  }
}

}  // namespace

Comparison Compare(const RunModel& previous, const RunModel& current) {
  Comparison comparison{.previous = previous.name, .previous_started = previous.started};
  for (const CriterionResult& after : current.results) {
    const CriterionResult* before = Find(previous, after.Name());
    CompareStates(after.Name(), before, &after, comparison.changes);
    if (before != nullptr) CompareMeasures(*before, after, comparison.changes);
  }
  for (const CriterionResult& before : previous.results) {
    if (Find(current, before.Name()) == nullptr) {
      CompareStates(before.Name(), &before, nullptr, comparison.changes);
    }
  }
  std::stable_sort(
      comparison.changes.begin(), comparison.changes.end(),
      [](const Change& one, const Change& other) { return one.worse && !other.worse; });
  return comparison;
}

}  // namespace proving_ground
