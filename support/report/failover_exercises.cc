#include "support/report/failover_exercises.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "support/load/histogram.h"
#include "support/report/events.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr double kPoints = 120;   // show the course of an exercise, whatever its length …
constexpr double kFinest = 0.25;  // … but some 25 operations belong to each, in seconds

std::optional<double> SecondsOf(const json& object, const char* name) {
  const auto milliseconds = NumberOf(object, name);
  if (!milliseconds) return std::nullopt;
  return *milliseconds / 1000;
}

// Position of a column in the rows of the history.
std::size_t ColumnOf(const json& document, const std::string& name) {
  const std::vector<std::string> columns = TextsOf(document, "columns");
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) {
    throw EnvironmentError("a recording of a failover exercise lacks the column " + name,
                           "it was written by another version or damaged; run again");
  }
  return static_cast<std::size_t>(found - columns.begin());
}

class Points {
 public:
  Points(const json& document, double duration, double every)
      : kind_(ColumnOf(document, "kind")),
        issued_(ColumnOf(document, "issued_ms")),
        settled_(ColumnOf(document, "settled_ms")),
        outcome_(ColumnOf(document, "outcome")),
        every_(every) {
    points_.resize(static_cast<std::size_t>(std::max(1.0, std::ceil(duration / every))));
    answers_.resize(points_.size());
    for (std::size_t i = 0; i < points_.size(); ++i) {
      points_[i].at = static_cast<double>(i) * every;
    }
    for (const json& row : ListOf(document, "history")) Count(row);
  }

  std::vector<ProbePoint> Take() {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      Latencies& answers = points_[i].answers;
      answers.samples = answers_[i].count();
      answers.p50 = Milliseconds(answers_[i].Percentile(0.50, 1));
      answers.p95 = Milliseconds(answers_[i].Percentile(0.95, 20));
      answers.p99 = Milliseconds(answers_[i].Percentile(0.99, 100));
      if (answers.samples > 0) answers.max = Milliseconds(answers_[i].maximum());
    }
    return std::move(points_);
  }

 private:
  static std::optional<double> Milliseconds(std::optional<std::chrono::microseconds> duration) {
    if (!duration) return std::nullopt;
    return static_cast<double>(duration->count()) / 1000;
  }

  void Count(const json& row) {
    const std::size_t last = std::max({kind_, issued_, settled_, outcome_});
    if (!row.is_array() || row.size() <= last || row[kind_] != "task") return;
    if (!row[issued_].is_number() || !row[settled_].is_number()) return;
    const double issued = row[issued_].get<double>();
    const double position = issued / 1000 / every_;
    if (position < 0 || position >= static_cast<double>(points_.size())) return;
    const auto index = static_cast<std::size_t>(position);
    if (row[outcome_] == "ok") {
      ++points_[index].ok;
      const double waited = row[settled_].get<double>() - issued;
      answers_[index].Add(std::chrono::microseconds(static_cast<std::int64_t>(waited * 1000)));
    } else if (row[outcome_] == "failed") {
      ++points_[index].failed;
    } else {
      ++points_[index].unknown;
    }
  }

  const std::size_t kind_, issued_, settled_, outcome_;
  const double every_;
  std::vector<ProbePoint> points_;
  std::vector<LatencyHistogram> answers_;
};

std::vector<ServiceGap> GapsOf(const json& document, const char* name) {
  std::vector<ServiceGap> gaps;
  for (const json& gap : ListOf(document, name)) {
    gaps.push_back({SecondsOf(gap, "from_ms").value_or(0), SecondsOf(gap, "to_ms")});
  }
  return gaps;
}

std::optional<UtcTime> Moment(const FailoverExercise& exercise,
                              const std::optional<double>& seconds) {
  if (!seconds) return std::nullopt;
  return *exercise.began +
         std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(*seconds * 1000)));
}

}  // namespace

FailoverExercise ReadExercise(const json& document) {
  FailoverExercise exercise;
  exercise.criterion = TextOf(document, "criterion");
  exercise.team = TextOf(document, "team");
  exercise.began = TimeOf(document, "began");
  exercise.duration = SecondsOf(document, "ended_ms").value_or(0);
  const auto steady = document.find("steady_after");
  exercise.steady_after = steady != document.end() && *steady == true;
  exercise.unsteady_reason = TextOf(document, "unsteady_reason");
  for (const json& fault : ListOf(document, "faults")) {
    exercise.faults.push_back({TextOf(fault, "fault"), TextOf(fault, "target"),
                               TextOf(fault, "evidence"), SecondsOf(fault, "injected_ms"),
                               SecondsOf(fault, "effect_ms"), SecondsOf(fault, "healed_ms"),
                               SecondsOf(fault, "recovered_ms")});
  }
  exercise.every = std::max(kFinest, exercise.duration / kPoints);
  exercise.points = Points(document, exercise.duration, exercise.every).Take();
  exercise.gaps = GapsOf(document, "gaps");
  exercise.write_gaps = GapsOf(document, "write_gaps");
  exercise.downtime_s = SecondsOf(document, "downtime_ms");
  exercise.noise_floor_s = SecondsOf(document, "noise_floor_ms");
  exercise.probe_worst_lag_ms = NumberOf(document, "probe_worst_lag_us").value_or(0) / 1000;
  exercise.probe_left_out = CountOf(document, "probe_left_out");
  return exercise;
}

std::vector<FaultPeriod> FaultsOf(const FailoverExercise& exercise) {
  std::vector<FaultPeriod> periods;
  if (!exercise.began) return periods;
  for (const ExerciseFault& fault : exercise.faults) {
    FaultPeriod period{fault.fault, fault.target, exercise.criterion, exercise.team,
                       fault.evidence};
    period.injected = Moment(exercise, fault.injected);
    period.effect = Moment(exercise, fault.effect);
    period.healed = Moment(exercise, fault.healed);
    period.recovered = Moment(exercise, fault.recovered);
    periods.push_back(std::move(period));
  }
  return periods;
}

}  // namespace proving_ground
