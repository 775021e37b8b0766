// Everything a finished, running or broken-off run left in its folder, in one struct: the model
// that all renderers draw from (JUnit, HTML, Markdown, metrics, summary).
//
//   const RunModel model = LoadRunModel(folder, {});     // run_model_loader.h
//   for (const CriterionResult& result : model.results) …
//
// Loading never fails because a part is missing: a run that was killed has whatever it wrote until
// then, and what it did not get to is a result with the state kNotRun or kDidNotFinish. Lists are
// empty and optionals absent where the folder says nothing. Times without a date are seconds since
// the moment that the struct names. No text in here holds a secret; all of it may come from the
// stack under test, so escape it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/audit_record.h"
#include "support/base/errors.h"
#include "support/base/utc.h"
#include "support/report/verdict.h"

namespace proving_ground {

// What became of a criterion.
enum class ResultState {
  kPassed,
  kFailed,        // tried and missed
  kInconclusive,  // too little evidence to say either
  kSkipped,       // not tried, and the case says why
  kError,         // the harness could not judge it, or its case failed beside a good verdict
  kDidNotFinish,  // its case began and never ended: a crash, a kill, a timeout, or it still runs
  kNotRun,        // planned, and its case never began
};

// "passed", "failed", "inconclusive", "skipped", "error", "did not finish", "not run".
std::string_view StateName(ResultState state);

// One criterion for the whole stack, one team or one service: one line of the report.
struct CriterionResult {
  std::string criterion;  // id, "L-1"
  std::string suite;      // "load", "failover", "security", "chaos"
  std::string claim;      // one sentence: what must hold
  std::string test;       // GoogleTest name without parameters, "LoadTest.WorkersComplete"; stable
  std::string team;       // empty: the whole stack, or a service that teams share
  std::string service;    // criteria that are judged for each service
  ResultState state = ResultState::kNotRun;
  std::string summary;                // one sentence: what was seen, or why there is no verdict
  std::vector<Measure> measures;      // observed beside limit, with unit and samples
  std::vector<std::string> details;   // the worst offenders, the first few
  std::vector<std::string> failures;  // assertions and exceptions of the case, as it printed them
  std::string file;                   // repository-relative; empty: unknown
  int line = 0;                       // of the case, from 1; 0: unknown
  std::optional<UtcTime> started;
  std::optional<std::chrono::milliseconds> duration;
  std::vector<std::string> evidence;  // files in the run folder, relative to it

  // The team or the service, "" for the whole stack: what "L-2 sales" has behind the id.
  const std::string& Subject() const { return service.empty() ? team : service; }
  // "L-2 sales", "L-1".
  std::string Name() const { return Subject().empty() ? criterion : criterion + " " + Subject(); }
};

struct ImageOfService {
  std::string service;
  std::string image;   // as it was named
  std::string digest;  // id of what ran: "sha256:…"
};

// Where and on what the run took place. Empty and 0: unknown.
struct RunEnvironment {
  std::string project;  // of Compose
  std::string profile;  // of the contract
  std::vector<std::string> teams;
  std::map<std::string, std::string> services;  // with a role -> team; "" for shared ones
  std::string engine_version;
  std::string compose_version;
  std::string operating_system;  // of the engine's host
  std::string kernel;
  std::string host;
  int cores = 0;
  std::int64_t memory_bytes = 0;
  std::string harness_version;
  std::string commit;  // of the harness's sources; "…-dirty" with changes
  std::vector<std::string> compose_files;
  std::string compose_hash;  // SHA-256 over the compose files, in order
  std::vector<ImageOfService> images;
  std::optional<std::uint64_t> seed;  // that was asked for; a load run has its own
};

// A fault, on the clock. Absent times: that did not come about.
struct FaultPeriod {
  std::string fault;   // "crash"
  std::string target;  // "engineering-coordinator"
  std::string criterion;
  std::string team;
  std::string evidence;             // of its effect, as seen from outside
  std::optional<UtcTime> injected;  // just before
  std::optional<UtcTime> effect;    // first seen
  std::optional<UtcTime> healed;    // taken back
  std::optional<UtcTime> recovered;
  std::vector<std::string> differences;  // of the containers from the state before, at the end
  bool Open() const { return injected && !healed && !recovered; }
};

// Times of answers, in milliseconds. Absent: too few samples to say.
struct Latencies {
  std::int64_t samples = 0;
  std::optional<double> p50, p95, p99, max;
};

// A stretch of the load phase, `LoadSeries::every` long.
struct LoadPoint {
  double at = 0;  // start, seconds since the start of the load phase
  int submitted = 0;
  int accepted = 0;
  int refused = 0;
  int finished = 0;
  Latencies response;  // of the tasks that finished in it
};

struct TeamLoad {
  std::string team;
  int workers = 0;           // expected
  int complete_workers = 0;  // registered, finished what they were given, left gracefully
  int planned = 0;
  int accepted = 0;
  int refused = 0;
  int finished = 0;
  int unfinished = 0;     // accepted, never finished
  double throughput = 0;  // finished tasks a second, over the load phase
  Latencies response;     // from intended arrival to the finish, without think time
  Latencies service;      // from a worker's start to its finish, without think time
  std::vector<LoadPoint> points;
};

// A look at the stack's resources. Absent: it could not be read.
struct ResourcePoint {
  double at = 0;                               // seconds since the start of the load phase
  std::map<std::string, double> memory_bytes;  // by role: heap and stacks of all its containers
  std::optional<double> redis_bytes;
  std::optional<double> keys;
  std::optional<double> ping_ms;  // of Redis
};

struct Stretch {
  std::string name;  // of a phase; "" for a gap
  double from = 0;   // seconds since the start of the load phase; negative before it
  double length = 0;
};

// The load run.
struct LoadSeries {
  std::string run_id;
  std::uint64_t seed = 0;
  std::optional<UtcTime> started;  // of the load phase
  bool complete = false;
  std::string incomplete_reason;
  double duration = 0;          // of the load phase, seconds
  double every = 0;             // length of a LoadPoint, seconds
  std::vector<Stretch> phases;  // "warm-up", "spawn", "load", "drain", "stop", "cleanup"
  std::vector<TeamLoad> teams;
  std::vector<ResourcePoint> resources;
  std::vector<Stretch> ping_gaps;  // times without an answer from Redis
  std::int64_t pings_sent = 0;
  std::int64_t pings_answered = 0;
  double longest_ping_gap_ms = 0;
};

// A stretch of a failover exercise: what clients inside the stack's networks saw.
struct ProbePoint {
  double at = 0;  // seconds since the exercise began
  int ok = 0;
  int failed = 0;
  int unknown = 0;
  Latencies answers;  // of those acknowledged
};

// Times of one fault, seconds since the exercise began.
struct ExerciseFault {
  std::string fault;
  std::string target;
  std::string evidence;
  std::optional<double> injected, effect, healed, recovered;
};

// A time without service, seconds since the exercise began.
struct ServiceGap {
  double from = 0;
  std::optional<double> to;  // absent: it lasted to the end
};

// One failover exercise of one team.
struct FailoverExercise {
  std::string criterion;
  std::string team;
  std::optional<UtcTime> began;
  double duration = 0;  // seconds
  bool steady_after = false;
  std::string unsteady_reason;
  std::vector<ExerciseFault> faults;
  double every = 0;  // length of a ProbePoint, seconds
  std::vector<ProbePoint> points;
  std::vector<ServiceGap> gaps;         // of tasks
  std::vector<ServiceGap> write_gaps;   // of state writes
  std::optional<double> downtime_s;     // sum of `gaps`; absent: an older folder
  std::optional<double> noise_floor_s;  // longest time without an answer with nothing broken
  std::optional<double> limit_s;        // for the downtime, where the criterion has one
  double probe_worst_lag_ms = 0;
  std::int64_t probe_left_out = 0;
};

// What came of all attempts of one row on one column.
struct AttackCell {
  std::size_t row = 0;
  std::size_t column = 0;
  std::int64_t tried = 0;
  std::int64_t breached = 0;  // served, granted, reached: what must not be
  std::int64_t allowed = 0;   // served, as it should be or may be: controls, required connections
  std::int64_t missing = 0;   // not served, though it should be
  std::string note;           // what came of them, a few words
};

// Who attacked what, as a heat map. A pair without a cell was not tried.
struct AttackMatrix {
  std::string name;   // of its file: "cross-team"
  std::string title;  // "Calls of one team to the tools of another"
  std::string criterion;
  std::vector<std::string> rows;     // attackers, or attacks
  std::vector<std::string> columns;  // targets
  std::vector<AttackCell> cells;
};

// Answer times of a team while another one, or an attack, was at work.
struct NeighbourTimes {
  std::string attack;  // "flood", "hostile input"
  std::string team;
  std::int64_t before = 0, during = 0, failed = 0;  // answers
  double p99_before_ms = 0, p99_during_ms = 0;
};

// What a service logged in the time that matters to a result that is not good.
struct LogExcerpt {
  std::string result;  // Name() of it
  std::string service;
  std::string file;  // whole log, relative to the run folder
  std::optional<UtcTime> from, to;
  std::vector<std::string> lines;  // at most kMostLogLines; lines that look like a secret withheld
  std::int64_t left_out = 0;       // lines of that time that are not shown
};
inline constexpr std::size_t kMostLogLines = 30;

// A part of the harness that stopped.
struct HarnessTrouble {
  std::string part;  // "stack.up", or a case
  int exit_status = 0;
  std::string message;
};

// A step around the cases.
struct HarnessStep {
  std::string name;  // "stack.up", "load.run", "security.audit", "stack.down"
  std::optional<UtcTime> started;
  std::optional<std::chrono::milliseconds> duration;  // absent: it did not finish
  int exit_status = 0;
};

// What the run does not prove.
struct NotProven {
  std::string what;  // Name() of a result, or a rule and its place
  std::string why;
};

// One figure in this run and in an earlier one.
struct Change {
  std::string result;   // Name()
  std::string measure;  // "" for the state alone
  std::string unit;
  std::optional<double> before, after;
  std::string state_before, state_after;
  // Whether it got worse by what the limit asks for: a state, or a tenth of the figure.
  bool worse = false;
};

struct Comparison {
  std::string previous;  // name of that run's folder
  std::optional<UtcTime> previous_started;
  std::vector<Change> changes;  // worse ones first; equal states and figures are left out
};

struct RunModel {
  std::string name;    // of the folder
  std::string folder;  // absolute path
  std::optional<UtcTime> started;
  std::optional<UtcTime> ended;  // last thing that was written down
  bool finished = false;         // the stack was taken down, or a step after the cases ran

  ExitCode exit_code = ExitCode::kInternal;
  std::string headline;              // "READY: …", "NOT READY: …", "NOT PROVEN: …"
  std::vector<std::string> reasons;  // what decided it, worst first: "F-3 sales failed"

  RunEnvironment environment;
  std::vector<CriterionResult> results;  // in the order of the criteria, teams together
  std::vector<HarnessStep> steps;
  std::vector<HarnessTrouble> errors;
  std::string residue;             // what could not be removed; a warning
  std::vector<std::string> leaks;  // files of the folder that hold a secret of the stack

  std::vector<FaultPeriod> faults;          // in order of time
  std::optional<audit::AuditRecord> audit;  // findings with remedies, waivers, rules not evaluated
  std::optional<LoadSeries> load;
  std::vector<FailoverExercise> failover;
  std::vector<AttackMatrix> attacks;
  std::vector<NeighbourTimes> neighbours;
  std::vector<LogExcerpt> logs;
  std::vector<NotProven> not_proven;
  std::optional<Comparison> comparison;
  std::vector<std::string> unreadable;  // parts of the folder that are damaged, and why

  int Count(ResultState state) const;
  // Suites that have results, in the order of the criteria.
  std::vector<std::string> Suites() const;
};

}  // namespace proving_ground
