#include "support/report/metrics.h"

#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <sstream>

#include "support/report/junit.h"

namespace proving_ground {
namespace {

using LabelSet = std::map<std::string, std::string>;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

constexpr std::size_t kMostOfLabel = 120;

double SecondsBetween(UtcTime from, UtcTime to) {
  return std::chrono::duration<double>(to - from).count();
}

// Figures of a unit that people read, in the unit that Prometheus asks for.
double InBaseUnit(double value, const std::string& unit) {
  return unit == "ms" ? value / 1000 : value;
}
std::string BaseUnit(const std::string& unit) {
  if (unit == "ms" || unit == "s") return "seconds";
  return unit;
}

class Exporter {
 public:
  explicit Exporter(const RunModel& model) : model_(model) {}

  std::string Text() {
    AddRun();
    AddResults();
    AddMeasures();
    AddLoad();
    AddFailover();
    AddFindings();
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, registry_.Collect());
    return text.str();
  }

 private:
  GaugeFamily& Family(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name("acceptance_" + name).Help(help).Register(registry_);
  }

  static void Set(GaugeFamily& family, const LabelSet& labels, double value) {
    LabelSet clean;
    for (const auto& [name, text] : labels) clean[name] = XmlText(text, kMostOfLabel);
    family.Add(clean).Set(value);
  }

  static LabelSet LabelsOf(const CriterionResult& result) {
    return {{"criterion", result.criterion},
            {"suite", result.suite},
            {"team", result.team},
            {"service", result.service}};
  }

  void AddRun() {
    const RunEnvironment& environment = model_.environment;
    Set(Family("run_info", "What was tried, and with what; always 1."),
        {{"run", model_.name},
         {"profile", environment.profile},
         {"commit", environment.commit},
         {"compose_hash", environment.compose_hash},
         {"engine", environment.engine_version}},
        1);
    Set(Family("run_exit_code", "How the run ended: 0 is proven, 1 a missed criterion."), {},
        static_cast<double>(model_.exit_code));
    if (!model_.started || !model_.ended) return;
    Set(Family("run_timestamp_seconds", "When the run ended, in seconds since 1970."), {},
        std::chrono::duration<double>(model_.ended->time_since_epoch()).count());
    Set(Family("run_duration_seconds", "How long the run took."), {},
        SecondsBetween(*model_.started, *model_.ended));
  }

  void AddResults() {
    auto& states = Family("results", "Criteria by what became of them.");
    for (const ResultState state :
         {ResultState::kPassed, ResultState::kFailed, ResultState::kInconclusive,
          ResultState::kSkipped, ResultState::kError, ResultState::kDidNotFinish,
          ResultState::kNotRun}) {
      Set(states, {{"state", std::string(StateName(state))}}, model_.Count(state));
    }
    auto& passed = Family("criterion_passed", "1 when the criterion was proven, 0 otherwise.");
    auto& duration = Family("case_duration_seconds", "How long the case of a criterion took.");
    for (const CriterionResult& result : model_.results) {
      Set(passed, LabelsOf(result), result.state == ResultState::kPassed ? 1 : 0);
      if (!result.duration) continue;
      Set(duration, LabelsOf(result), static_cast<double>(result.duration->count()) / 1000);
    }
  }

  void AddMeasures() {
    auto& observed = Family("criterion_observed", "What was observed, in the unit of the label.");
    auto& limit = Family("criterion_limit", "What it was held against.");
    auto& margin = Family("criterion_margin_ratio",
                          "How far it is on the good side of the limit, as a share of the limit.");
    auto& samples = Family("criterion_samples", "From how many samples it was taken.");
    for (const CriterionResult& result : model_.results) {
      for (const Measure& measure : result.measures) {
        LabelSet labels = LabelsOf(result);
        labels["measure"] = measure.name;
        labels["unit"] = BaseUnit(measure.unit);
        Set(observed, labels, InBaseUnit(measure.observed, measure.unit));
        Set(limit, labels, InBaseUnit(measure.limit, measure.unit));
        Set(samples, labels, static_cast<double>(measure.samples));
        if (const auto share = measure.Margin()) Set(margin, labels, *share);
      }
    }
  }

  static void SetPercentiles(GaugeFamily& family, const std::string& team, const std::string& kind,
                             const Latencies& latencies) {
    const std::pair<const char*, std::optional<double>> figures[] = {{"50", latencies.p50},
                                                                     {"95", latencies.p95},
                                                                     {"99", latencies.p99},
                                                                     {"100", latencies.max}};
    for (const auto& [percentile, milliseconds] : figures) {
      if (!milliseconds) continue;
      Set(family, {{"team", team}, {"kind", kind}, {"percentile", percentile}},
          *milliseconds / 1000);
    }
  }

  void AddLoad() {
    if (!model_.load) return;
    auto& tasks = Family("load_tasks", "Tasks of the load run by what became of them.");
    auto& workers = Family("load_workers", "Workers of the load run: expected, and complete.");
    auto& times = Family("load_answer_seconds",
                         "Response (from arrival) and service (from start) times, without think "
                         "time.");
    auto& rate = Family("load_finished_per_second", "Finished tasks a second.");
    for (const TeamLoad& team : model_.load->teams) {
      const std::pair<const char*, int> counts[] = {{"planned", team.planned},
                                                    {"accepted", team.accepted},
                                                    {"refused", team.refused},
                                                    {"finished", team.finished},
                                                    {"unfinished", team.unfinished}};
      for (const auto& [outcome, count] : counts) {
        Set(tasks, {{"team", team.team}, {"outcome", outcome}}, count);
      }
      Set(workers, {{"team", team.team}, {"state", "expected"}}, team.workers);
      Set(workers, {{"team", team.team}, {"state", "complete"}}, team.complete_workers);
      Set(rate, {{"team", team.team}}, team.throughput);
      SetPercentiles(times, team.team, "response", team.response);
      SetPercentiles(times, team.team, "service", team.service);
    }
    Set(Family("load_redis_gap_seconds", "Longest time without an answer from Redis."), {},
        model_.load->longest_ping_gap_ms / 1000);
  }

  void AddFailover() {
    auto& downtime = Family("failover_downtime_seconds", "How long clients went without service.");
    auto& floor = Family("failover_noise_floor_seconds",
                         "Longest time without an answer with nothing broken.");
    for (const FailoverExercise& exercise : model_.failover) {
      const LabelSet labels = {{"criterion", exercise.criterion}, {"team", exercise.team}};
      if (exercise.downtime_s) Set(downtime, labels, *exercise.downtime_s);
      if (exercise.noise_floor_s) Set(floor, labels, *exercise.noise_floor_s);
    }
  }

  void AddFindings() {
    if (!model_.audit) return;
    std::map<std::string, int> by_severity;
    for (const Severity severity : {Severity::kInfo, Severity::kLow, Severity::kMedium,
                                    Severity::kHigh, Severity::kCritical}) {
      by_severity[std::string(SeverityName(severity))] = 0;
    }
    for (const Finding& finding : model_.audit->result.findings) {
      ++by_severity[std::string(SeverityName(finding.severity))];
    }
    auto& findings =
        Family("findings", "Findings of the configuration audit, without waived ones.");
    for (const auto& [severity, count] : by_severity)
      Set(findings, {{"severity", severity}}, count);
    Set(Family("findings_waived", "Findings that are accepted for a time."), {},
        static_cast<double>(model_.audit->result.waived.size()));
    Set(Family("rules_not_evaluated", "Rules of the audit that could not be evaluated."), {},
        static_cast<double>(model_.audit->result.unevaluated.size()));
  }

  const RunModel& model_;
  prometheus::Registry registry_;
};

}  // namespace

std::string MetricsText(const RunModel& model) { return Exporter(model).Text(); }

}  // namespace proving_ground
