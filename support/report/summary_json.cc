#include <nlohmann/json.hpp>

#include "support/report/summary.h"

namespace proving_ground {
namespace {

using nlohmann::json;

json Moment(const std::optional<UtcTime>& moment) {
  return moment ? json(UtcText(*moment)) : json();
}

json Seconds(const std::optional<std::chrono::milliseconds>& duration) {
  return duration ? json(static_cast<double>(duration->count()) / 1000) : json();
}

template <typename Value>
json Optional(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

json ToJson(const Measure& measure) {
  json object = {{"name", measure.name},         {"observed", measure.observed},
                 {"relation", measure.relation}, {"limit", measure.limit},
                 {"unit", measure.unit},         {"samples", measure.samples},
                 {"holds", measure.Holds()}};
  object["margin"] = Optional(measure.Margin());
  return object;
}

json ToJson(const CriterionResult& result) {
  json object = {{"criterion", result.criterion},
                 {"suite", result.suite},
                 {"claim", result.claim},
                 {"test", result.test},
                 {"team", result.team},
                 {"service", result.service},
                 {"state", StateName(result.state)},
                 {"summary", result.summary},
                 {"details", result.details},
                 {"failures", result.failures},
                 {"file", result.file},
                 {"line", result.line},
                 {"evidence", result.evidence}};
  object["measures"] = json::array();
  for (const Measure& measure : result.measures) object["measures"].push_back(ToJson(measure));
  object["started"] = Moment(result.started);
  object["duration_s"] = Seconds(result.duration);
  return object;
}

json ToJson(const RunEnvironment& environment) {
  json object = {{"project", environment.project},
                 {"profile", environment.profile},
                 {"teams", environment.teams},
                 {"services", environment.services},
                 {"engine", environment.engine_version},
                 {"compose", environment.compose_version},
                 {"operating_system", environment.operating_system},
                 {"kernel", environment.kernel},
                 {"host", environment.host},
                 {"cores", environment.cores},
                 {"memory_bytes", environment.memory_bytes},
                 {"harness_version", environment.harness_version},
                 {"commit", environment.commit},
                 {"compose_files", environment.compose_files},
                 {"compose_hash", environment.compose_hash}};
  object["seed"] = Optional(environment.seed);
  object["images"] = json::array();
  for (const ImageOfService& image : environment.images) {
    object["images"].push_back(
        {{"service", image.service}, {"image", image.image}, {"digest", image.digest}});
  }
  return object;
}

json ToJson(const FaultPeriod& fault) {
  return {{"fault", fault.fault},
          {"target", fault.target},
          {"criterion", fault.criterion},
          {"team", fault.team},
          {"evidence", fault.evidence},
          {"injected", Moment(fault.injected)},
          {"effect", Moment(fault.effect)},
          {"healed", Moment(fault.healed)},
          {"recovered", Moment(fault.recovered)}};
}

json ToJson(const Latencies& latencies) {
  json object = json::object({{"samples", latencies.samples}});
  object["p50_ms"] = Optional(latencies.p50);
  object["p95_ms"] = Optional(latencies.p95);
  object["p99_ms"] = Optional(latencies.p99);
  object["max_ms"] = Optional(latencies.max);
  return object;
}

json LoadJson(const LoadSeries& load) {
  json object = {{"run", load.run_id},
                 {"seed", load.seed},
                 {"complete", load.complete},
                 {"duration_s", load.duration},
                 {"longest_redis_gap_ms", load.longest_ping_gap_ms}};
  object["teams"] = json::array();
  for (const TeamLoad& team : load.teams) {
    object["teams"].push_back({{"team", team.team},
                               {"workers", team.workers},
                               {"complete_workers", team.complete_workers},
                               {"planned", team.planned},
                               {"accepted", team.accepted},
                               {"refused", team.refused},
                               {"finished", team.finished},
                               {"unfinished", team.unfinished},
                               {"finished_per_second", team.throughput},
                               {"response", ToJson(team.response)},
                               {"service", ToJson(team.service)}});
  }
  return object;
}

json FailoverJson(const RunModel& model) {
  json list = json::array();
  for (const FailoverExercise& exercise : model.failover) {
    json object = {{"criterion", exercise.criterion}, {"team", exercise.team}};
    object["downtime_s"] = Optional(exercise.downtime_s);
    object["noise_floor_s"] = Optional(exercise.noise_floor_s);
    object["limit_s"] = Optional(exercise.limit_s);
    list.push_back(object);
  }
  return list;
}

json FindingsJson(const RunModel& model) {
  if (!model.audit) return {};
  json counts = {{"info", 0}, {"low", 0}, {"medium", 0}, {"high", 0}, {"critical", 0}};
  for (const Finding& finding : model.audit->result.findings) {
    json& count = counts[std::string(SeverityName(finding.severity))];
    count = count.get<int>() + 1;
  }
  return {{"by_severity", counts},
          {"waived", model.audit->result.waived.size()},
          {"not_evaluated", model.audit->result.unevaluated.size()},
          {"sarif", "findings.sarif"}};
}

json ComparisonJson(const RunModel& model) {
  if (!model.comparison) return {};
  json object = json::object({{"previous", model.comparison->previous}});
  object["previous_started"] = Moment(model.comparison->previous_started);
  object["changes"] = json::array();
  for (const Change& change : model.comparison->changes) {
    object["changes"].push_back({{"result", change.result},
                                 {"measure", change.measure},
                                 {"unit", change.unit},
                                 {"before", Optional(change.before)},
                                 {"after", Optional(change.after)},
                                 {"state_before", change.state_before},
                                 {"state_after", change.state_after},
                                 {"worse", change.worse}});
  }
  return object;
}

json CountsJson(const RunModel& model) {
  json counts = json::object();
  for (const ResultState state :
       {ResultState::kPassed, ResultState::kFailed, ResultState::kInconclusive,
        ResultState::kSkipped, ResultState::kError, ResultState::kDidNotFinish,
        ResultState::kNotRun}) {
    counts[std::string(StateName(state))] = model.Count(state);
  }
  return counts;
}

}  // namespace

json SummaryJson(const RunModel& model) {
  json document = {{"schema_version", kSummarySchema},
                   {"run", model.name},
                   {"started", Moment(model.started)},
                   {"ended", Moment(model.ended)},
                   {"finished", model.finished},
                   {"exit_code", static_cast<int>(model.exit_code)},
                   {"headline", model.headline},
                   {"reasons", model.reasons},
                   {"counts", CountsJson(model)},
                   {"environment", ToJson(model.environment)},
                   {"residue", model.residue},
                   {"unreadable", model.unreadable},
                   {"leaks", model.leaks},
                   {"failover", FailoverJson(model)},
                   {"findings", FindingsJson(model)},
                   {"comparison", ComparisonJson(model)}};
  document["load"] = model.load ? LoadJson(*model.load) : json();
  for (const char* list : {"results", "steps", "errors", "faults", "not_proven"}) {
    document[list] = json::array();
  }
  for (const CriterionResult& result : model.results) document["results"].push_back(ToJson(result));
  for (const HarnessStep& step : model.steps) {
    document["steps"].push_back({{"step", step.name},
                                 {"started", Moment(step.started)},
                                 {"duration_s", Seconds(step.duration)},
                                 {"exit_status", step.exit_status}});
  }
  for (const HarnessTrouble& error : model.errors) {
    document["errors"].push_back(
        {{"part", error.part}, {"exit_status", error.exit_status}, {"message", error.message}});
  }
  for (const FaultPeriod& fault : model.faults) document["faults"].push_back(ToJson(fault));
  for (const NotProven& one : model.not_proven) {
    document["not_proven"].push_back({{"what", one.what}, {"why", one.why}});
  }
  return document;
}

}  // namespace proving_ground
