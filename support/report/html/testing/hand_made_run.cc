#include "support/report/html/testing/hand_made_run.h"

#include <cmath>

namespace proving_ground::html {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<std::string> kTeams = {"marketing", "sales", "support", "engineering", "finance"};

UtcTime At(int after) { return *ParseUtc("2026-03-31T02:00:00Z") + seconds(after); }

CriterionResult Result(std::string criterion, std::string suite, std::string team,
                       ResultState state, std::vector<Measure> measures) {
  CriterionResult result;
  result.criterion = std::move(criterion);
  result.suite = std::move(suite);
  result.claim = "what must hold for " + result.criterion;
  result.test = "LoadTest.Case";
  result.team = std::move(team);
  result.state = state;
  result.summary = "what was seen";
  result.measures = std::move(measures);
  result.file = "suites/load/completion_test.cc";
  result.line = 12;
  result.started = At(60);
  result.duration = milliseconds(1234);
  return result;
}

void AddResults(RunModel& model) {
  model.results.push_back(Result("L-1", "load", "", ResultState::kPassed,
                                 {{"complete workers", 0.98, ">=", 0.9, "ratio", 50}}));
  for (const std::string& team : kTeams) {
    model.results.push_back(Result("L-2", "load", team, ResultState::kPassed,
                                   {{"complete workers", 1, ">=", 0.8, "ratio", 10}}));
  }
  model.results.push_back(
      Result("L-3", "load", "", ResultState::kPassed, {{"wall clock", 321.4, "<=", 360, "s", 1}}));
  for (const std::string& team : kTeams) {
    const bool missed = team == "sales";
    CriterionResult result =
        Result("F-1", "failover", team, missed ? ResultState::kFailed : ResultState::kPassed,
               {{"downtime", missed ? 31234.0 : 2345.0, "<=", 30000, "ms", 2811},
                {"service back", 1, ">=", 1, "yes", 900}});
    if (missed) {
      result.details = {"task 17 of sales finished twice", kHostile};
      result.failures = {std::string("completion_test.cc:12: ") + kHostile};
      result.evidence = {"failover/F-1.sales.json"};
    }
    model.results.push_back(result);
  }
  model.results.push_back(Result("F-10", "failover", "finance", ResultState::kInconclusive, {}));
  model.results.back().summary = kHostile;
  CriterionResult isolation = Result("S-1", "security", "", ResultState::kPassed,
                                     {{"findings", 0, "<=", 0, "findings", 12}});
  isolation.service = "redis";
  model.results.push_back(isolation);
  model.results.push_back(Result("S-3", "security", "", ResultState::kNotRun, {}));
}

LoadSeries HandMadeLoad() {
  LoadSeries load;
  load.run_id = "r1";
  load.seed = 7;
  load.started = At(60);
  load.complete = true;
  load.duration = 300;
  load.every = 1;
  load.ping_gaps = {{"", 100, 0.4}};
  load.pings_sent = 3000;
  load.pings_answered = 2996;
  load.longest_ping_gap_ms = 400;
  for (std::size_t t = 0; t < kTeams.size(); ++t) {
    TeamLoad team;
    team.team = kTeams[t];
    team.workers = team.complete_workers = 10;
    team.planned = team.accepted = team.finished = 520;
    team.throughput = 1.73;
    team.response = {520, 21.5, 44, 80 + 10.0 * static_cast<double>(t), 210};
    team.service = {520, 18, 30, 55, 120};
    for (int i = 0; i < 300; ++i) {
      LoadPoint point;
      point.at = i;
      point.finished = 1 + (i + static_cast<int>(t)) % 3;
      point.response = {
          point.finished, {}, {}, {}, 40 + 30 * std::sin(i / 9.0 + static_cast<double>(t))};
      team.points.push_back(point);
    }
    load.teams.push_back(team);
  }
  for (int i = 0; i < 300; i += 2) {
    ResourcePoint point;
    point.at = i;
    point.memory_bytes = {
        {"worker", 4e8 + 1e5 * i}, {"coordinator", 6e7}, {"redis", 2e7 + 2e4 * i}};
    point.keys = 40 + i;
    point.ping_ms = i % 50 == 0 ? std::nullopt : std::optional(0.3 + (i % 7) * 0.05);
    load.resources.push_back(point);
  }
  return load;
}

FailoverExercise HandMadeExercise(const std::string& team, double downtime) {
  FailoverExercise exercise;
  exercise.criterion = "F-1";
  exercise.team = team;
  exercise.began = At(400);
  exercise.duration = 40;
  exercise.steady_after = downtime < 30;
  exercise.unsteady_reason = exercise.steady_after ? "" : "9 of the last 20 operations failed";
  exercise.faults = {
      {"restart", team + "-coordinator", "connection refused", 5.0, 5.1, 6.0, 6.0 + downtime}};
  exercise.every = 0.5;
  for (int i = 0; i < 80; ++i) {
    const bool down = i * 0.5 > 5 && i * 0.5 < 5 + downtime;
    exercise.points.push_back({i * 0.5,
                               down ? 0 : 50,
                               down ? 48 : 0,
                               down ? 2 : 0,
                               {50, 2, 4, 5, down ? std::nullopt : std::optional(12.0)}});
  }
  exercise.gaps = {{5.1, 5.1 + downtime}};
  exercise.downtime_s = downtime;
  exercise.noise_floor_s = 0.04;
  exercise.limit_s = 30;
  exercise.probe_worst_lag_ms = 1.5;
  return exercise;
}

AttackMatrix HandMadeMatrix() {
  AttackMatrix matrix;
  matrix.name = "cross-team";
  matrix.title = "Calls of one team to the tools of another";
  matrix.criterion = "S-2";
  matrix.rows = matrix.columns = kTeams;
  for (std::size_t row = 0; row < kTeams.size(); ++row) {
    for (std::size_t column = 0; column < kTeams.size(); ++column) {
      AttackCell cell{row, column, 12, 0, row == column ? 12 : 0, 0, ""};
      if (row == 1 && column == 4) cell.breached = 2, cell.note = kHostile;
      if (row == 2 && column == 2) cell.allowed = 0, cell.missing = 3;
      matrix.cells.push_back(cell);
    }
  }
  return matrix;
}

audit::AuditRecord HandMadeAudit() {
  audit::AuditRecord record;
  Finding finding{"RES-02",
                  Severity::kMedium,
                  {"redis", "", "services.redis.mem_limit", "compose.yaml", 31},
                  kHostile,
                  "declare mem_limit"};
  record.result.findings = {finding};
  finding.place.service = "gateway";
  record.result.findings.push_back(finding);
  record.result.waived = {
      {finding, {"RES-02", "gateway", "bursts at start", "platform", "2027-03-31", ""}}};
  return record;
}

}  // namespace

RunModel HandMadeRun() {
  RunModel model;
  model.name = "20260331T020000Z-4711";
  model.started = At(0);
  model.ended = At(900);
  model.finished = true;
  model.exit_code = ExitCode::kCriterionFailed;
  model.headline = "NOT READY: a criterion was missed";
  model.reasons = {"F-1 sales failed: down for 31.2 s", "F-10 finance inconclusive"};
  model.environment.profile = "seed";
  model.environment.project = kHostile;
  model.environment.teams = kTeams;
  model.environment.cores = 2;
  model.environment.engine_version = "20.10.24";
  model.environment.images = {{"redis", "proving-ground/redis:0.1.0", "sha256:0123"}};
  AddResults(model);
  model.steps = {{"stack.up", At(0), milliseconds(45000), 0}, {"stack.down", At(880), {}, 0}};
  model.errors = {{"stack.down", 4, kHostile}};
  model.residue = "network pg-1_sales";
  model.faults = {{"restart",
                   "sales-coordinator",
                   "F-1",
                   "sales",
                   "connection refused",
                   At(160),
                   At(161),
                   At(163),
                   At(170),
                   {}}};
  model.audit = HandMadeAudit();
  model.load = HandMadeLoad();
  model.failover = {HandMadeExercise("marketing", 2.3), HandMadeExercise("sales", 31.2)};
  model.attacks = {HandMadeMatrix()};
  model.neighbours = {{"flood", "finance", 900, 880, 0, 12.5, 14.1}};
  model.logs = {{"F-1 sales",
                 "sales-coordinator",
                 "logs/sales-coordinator.log",
                 At(160),
                 At(200),
                 {"starting", kHostile},
                 3}};
  model.not_proven = {{"F-10 finance", "inconclusive: the fault was not seen"}, {"S-3", "not run"}};
  model.comparison = Comparison{"20260330T020000Z-12",
                                At(-86400),
                                {{"F-1 sales", "downtime", "ms", 2400, 31234, "", "", true},
                                 {"F-1 sales", "", "", {}, {}, "passed", "failed", true}}};
  return model;
}

}  // namespace proving_ground::html
