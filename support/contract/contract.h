// The contract: what a stack promises, and how the suites learn who is who.
//
// It is read from the resolved compose model (`docker compose config --format json`): the top-level
// `x-acceptance` block holds teams, drivers and thresholds, the labels `acceptance.role` and
// `acceptance.team` say which service plays which part. There is no second configuration language.
//
//   const Contract contract = ParseContract(model, {.profile = "quick", .teams = {"marketing"}});
//   contract.load.min_completion        // 0.90
//   contract.Services(Role::kWorker, "marketing")
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/errors.h"

namespace proving_ground {

// The contract is missing, unreadable or contradicts itself. The message names the field, what it
// holds and what it may hold.
class ContractError : public UsageError {
 public:
  using UsageError::UsageError;
};

// What a service is (label `acceptance.role`).
enum class Role { kCoordinator, kWorker, kRedis, kGateway };

std::string_view RoleName(Role role);

// How a task is handed to the stack and seen to finish.
enum class DriverKind {
  kHttp,     // the reference protocol: POST /v1/tasks, GET /v1/events
  kRedis,    // a list that takes tasks and a hash per task that tells its state
  kCommand,  // a command run inside a service with `docker compose exec`
};

// Where tasks go in. Placeholders in strings: {team}, {task}, {payload}.
struct DriverContract {
  DriverKind kind = DriverKind::kHttp;
  // kHttp: container port of the coordinators' HTTP interface.
  int port = 8080;
  // kRedis: list that takes a task (JSON), hash that tells its state, field of that hash.
  std::string list = "team:{team}:inbox";
  std::string status = "team:{team}:task:{task}";
  std::string field = "state";
  // kRedis: account that may do so, and the compose secret that holds its password.
  std::string user = "{team}";
  std::string password_secret = "redis-{team}";
  // kCommand: service to run in, argument vectors that submit a task and print its state.
  std::string service;
  std::vector<std::string> submit;
  std::vector<std::string> query;
  // kRedis and kCommand: the words for a task that ended, well and badly.
  std::string finished = "finished";
  std::string failed = "failed";
  // kRedis and kCommand: how often states are looked up.
  std::chrono::milliseconds poll_every{500};
};

// The shared Redis, as an observer sees it.
struct RedisContract {
  int port = 6379;
  std::string user = "monitor";
  std::string password_secret = "redis-monitor";
  // Account that may change settings and accounts, and the file with its password, relative to the
  // folder of the first compose file (it should be in no container). Empty: there is none, and what
  // needs it is skipped.
  std::string operator_user;
  std::string operator_password_file;
  // A key that the driver's account may write and nobody else uses: what faults of Redis are proved
  // on.
  std::string canary_key = "team:{team}:acceptance:canary";
};

// The MCP gateway, as a team's client sees it.
struct GatewayContract {
  int port = 8080;
  std::string path = "/mcp";
  std::string token_secret = "token-{team}";  // placeholder {team}
};

// Thresholds and shape of the load suite.
struct LoadContract {
  int workers_per_team = 10;
  std::chrono::milliseconds duration{300'000};     // from the first arrival to the last finish
  std::chrono::milliseconds status_every{30'000};  // progress line in logs
  std::chrono::milliseconds think_min{10'000};     // think time of one task, all steps together
  std::chrono::milliseconds think_max{60'000};
  int calls_per_task = 4;    // MCP calls of one task
  double utilization = 0.5;  // share of the workers kept busy; sets the arrival rate
  double min_completion = 0.90;
  double min_team_completion = 0.80;
  std::chrono::milliseconds max_wall_clock{360'000};
  std::chrono::milliseconds max_redis_gap{1'000};  // longest time without an answer to a ping
  std::chrono::milliseconds redis_ping_every{100};
  std::chrono::milliseconds sample_every{5'000};  // memory and key samples
  double max_memory_growth = 0.25;                // over the steady part, relative to its start
  double memory_growth_floor_mib = 4.0;           // growth below this is noise whatever its ratio
  double max_keys_per_task = 0.10;                // Redis keys left behind per finished task …
  double keys_per_open_task = 1.0;                // … beyond these of each that has not ended
  double max_team_throughput_ratio = 1.5;         // fastest team / slowest team
  double max_team_p99_ratio = 3.0;                // slowest p99 / fastest p99 …
  std::chrono::milliseconds p99_floor{250};       // … p99 below this count as equal
  int min_tasks_per_team = 20;                    // fewer say nothing: the run is inconclusive
};

// Thresholds and shape of the failover suite.
struct FailoverContract {
  std::chrono::milliseconds max_coordinator_downtime{30'000};
  std::chrono::milliseconds max_redis_recovery{60'000};    // from the end of the trouble
  std::chrono::milliseconds max_gateway_downtime{30'000};  // of calls through the gateway
  double min_success_during_failover = 0.70;               // of the operations issued in …
  std::chrono::milliseconds failover_window{10'000};       // … this long, from the fault on
  std::chrono::milliseconds max_answer_time{3'000};    // of a stack whose Redis hangs: no longer
  double max_reconnects_per_second = 20;               // of one service, while Redis is away
  std::chrono::milliseconds max_reassignment{30'000};  // of a dead worker's task
  double min_neighbour_success = 0.99;                 // of the teams that are not hit
  double max_neighbour_p99_ratio = 3.0;                // their p99, against the time before …
  std::chrono::milliseconds neighbour_p99_floor{100};  // … p99 below this count as equal
  std::chrono::milliseconds probe_every{10};           // one task of the probe
  std::chrono::milliseconds write_every{50};           // one state write of the probe
  std::chrono::milliseconds probe_patience{1'000};     // longest wait for an answer
  std::chrono::milliseconds late_after{250};           // a later answer counts as no service
  std::chrono::milliseconds steady{2'000};             // steady load before and after a fault
  std::chrono::milliseconds outage{5'000};             // how long a held fault lasts
  std::chrono::milliseconds task_think{5'000};         // of the tasks in flight
  std::chrono::milliseconds drain{15'000};  // accepted tasks may take to end, after the load
  int min_operations = 50;                             // before, and after: fewer say nothing
  int harness_kills = 20;  // how often the harness is killed in the middle of a fault
  std::chrono::milliseconds chaos{60'000};  // how long random faults are composed
};

// One service of the stack with a part to play.
struct ServiceRole {
  std::string service;
  Role role;
  std::string team;  // empty for shared services
};

// What to read out of a model.
struct ContractOptions {
  std::string profile;             // merged from `profiles.<name>`; empty: the block as it stands
  std::vector<std::string> teams;  // restrict the run to these teams; empty: all
};

struct Contract {
  std::string project;                 // compose project name
  std::string profile;                 // profile that was merged, or "seed"
  std::vector<std::string> teams;      // teams of this run, in the contract's order
  std::vector<std::string> all_teams;  // of the stack
  DriverContract driver;
  RedisContract redis;
  GatewayContract gateway;
  LoadContract load;
  FailoverContract failover;
  std::vector<ServiceRole> services;
  std::map<std::string, std::string> secret_files;  // compose secret name -> file on this host

  // Services that play `role`, for `team` when one is given (shared services match every team).
  std::vector<std::string> Services(Role role, std::string_view team = {}) const;
  // The one service that plays `role`; nullopt when the stack has none.
  std::optional<std::string> Service(Role role, std::string_view team = {}) const;
  // File that holds a compose secret; throws ContractError that names the secret and the remedy.
  const std::string& SecretFile(const std::string& name) const;
};

// Replaces {team}, {task} and {payload}.
std::string FillPlaceholders(std::string text, std::string_view team, std::string_view task = {},
                             std::string_view payload = {});

// The part of a resolved compose model that ParseContract reads. The whole model holds secrets in
// clear; this part holds none (names of files only) and may be kept in a file.
nlohmann::json ContractPart(const nlohmann::json& model);

// Reads the contract out of a resolved compose model, or the part of it. Throws ContractError.
Contract ParseContract(const nlohmann::json& model, const ContractOptions& options);

}  // namespace proving_ground
