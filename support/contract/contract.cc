#include "support/contract/contract.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "support/contract/acceptance_block.h"
#include "support/contract/field_reader.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

// Team names become parts of Redis keys, host names and test names.
bool IsTeamName(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= 63 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), allowed);
}

std::vector<std::string> ReadTeams(FieldReader& reader) {
  std::vector<std::string> teams;
  reader.Read("teams", teams);
  if (teams.empty()) throw ContractError("x-acceptance.teams is missing", "name at least one team");
  std::set<std::string> seen;
  for (const std::string& team : teams) {
    if (!IsTeamName(team)) {
      throw ContractError(fmt::format("x-acceptance.teams holds \"{}\"", team),
                          "a team is 1 to 63 of a-z, 0-9 and '-'");
    }
    if (!seen.insert(team).second) {
      throw ContractError(fmt::format("x-acceptance.teams names \"{}\" twice", team), "remove one");
    }
  }
  return teams;
}

std::vector<std::string> Restrict(const std::vector<std::string>& all,
                                  const std::vector<std::string>& wanted) {
  if (wanted.empty()) return all;
  for (const std::string& team : wanted) {
    if (std::find(all.begin(), all.end(), team) == all.end()) {
      throw ContractError(fmt::format("unknown team \"{}\" in TEST_TEAM", team),
                          fmt::format("the contract has: {}", fmt::join(all, ", ")));
    }
  }
  std::vector<std::string> kept;
  for (const std::string& team : all) {
    if (std::find(wanted.begin(), wanted.end(), team) != wanted.end()) kept.push_back(team);
  }
  return kept;
}

DriverContract ReadDriver(const json& object) {
  DriverContract driver;
  FieldReader reader("x-acceptance.driver", object);
  std::string kind = "http";
  reader.ReadWord("kind", kind, {"http", "redis", "command"});
  driver.kind = kind == "http"    ? DriverKind::kHttp
                : kind == "redis" ? DriverKind::kRedis
                                  : DriverKind::kCommand;
  reader.Read("port", driver.port, 1, 65535);
  reader.Read("list", driver.list);
  reader.Read("status", driver.status);
  reader.Read("field", driver.field);
  reader.Read("user", driver.user);
  reader.Read("password_secret", driver.password_secret);
  reader.Read("service", driver.service);
  reader.Read("submit", driver.submit);
  reader.Read("query", driver.query);
  reader.Read("finished", driver.finished);
  reader.Read("failed", driver.failed);
  reader.Read("poll_every", driver.poll_every, 10ms, 60s);
  reader.RejectUnknown();
  if (driver.kind == DriverKind::kCommand &&
      (driver.service.empty() || driver.submit.empty() || driver.query.empty())) {
    throw ContractError(
        "x-acceptance.driver of kind command needs service, submit and query",
        "name the service to run in, the command that submits a task and the one that prints its "
        "state");
  }
  return driver;
}

RedisContract ReadRedis(const json& object) {
  RedisContract redis;
  FieldReader reader("x-acceptance.redis", object);
  reader.Read("port", redis.port, 1, 65535);
  reader.Read("user", redis.user);
  reader.Read("password_secret", redis.password_secret);
  reader.Read("operator_user", redis.operator_user);
  reader.Read("operator_password_file", redis.operator_password_file);
  reader.Read("canary_key", redis.canary_key);
  reader.RejectUnknown();
  if (redis.operator_user.empty() != redis.operator_password_file.empty()) {
    throw ContractError("x-acceptance.redis has only one of operator_user, operator_password_file",
                        "give both, or neither");
  }
  return redis;
}

GatewayContract ReadGateway(const json& object) {
  GatewayContract gateway;
  FieldReader reader("x-acceptance.gateway", object);
  reader.Read("port", gateway.port, 1, 65535);
  reader.Read("path", gateway.path);
  reader.Read("token_secret", gateway.token_secret);
  reader.RejectUnknown();
  return gateway;
}

LoadContract ReadLoad(const json& object) {
  LoadContract load;
  FieldReader reader("x-acceptance.load", object);
  reader.Read("workers_per_team", load.workers_per_team, 1, 1000);
  reader.Read("duration", load.duration, 1s, 24h);
  reader.Read("status_every", load.status_every, 100ms, 1h);
  reader.Read("think_min", load.think_min, 0ms, 1h);
  reader.Read("think_max", load.think_max, 1ms, 1h);
  reader.Read("calls_per_task", load.calls_per_task, 2, 100);
  reader.Read("utilization", load.utilization, 0.01, 0.95);
  reader.Read("min_completion", load.min_completion, 0.0, 1.0);
  reader.Read("min_team_completion", load.min_team_completion, 0.0, 1.0);
  reader.Read("max_wall_clock", load.max_wall_clock, 1s, 48h);
  reader.Read("max_redis_gap", load.max_redis_gap, 1ms, 1h);
  reader.Read("redis_ping_every", load.redis_ping_every, 1ms, 10s);
  reader.Read("sample_every", load.sample_every, 100ms, 1h);
  reader.Read("max_memory_growth", load.max_memory_growth, 0.0, 100.0);
  reader.Read("memory_growth_floor_mib", load.memory_growth_floor_mib, 0.0, 1e6);
  reader.Read("max_keys_per_task", load.max_keys_per_task, 0.0, 1e6);
  reader.Read("keys_per_open_task", load.keys_per_open_task, 0.0, 1e6);
  reader.Read("max_team_throughput_ratio", load.max_team_throughput_ratio, 1.0, 1e6);
  reader.Read("max_team_p99_ratio", load.max_team_p99_ratio, 1.0, 1e6);
  reader.Read("p99_floor", load.p99_floor, 0ms, 1h);
  reader.Read("min_tasks_per_team", load.min_tasks_per_team, 1, 1'000'000);
  reader.RejectUnknown();
  if (load.think_min > load.think_max) {
    throw ContractError("x-acceptance.load.think_min is longer than think_max", "swap them");
  }
  if (load.think_max >= load.duration) {
    throw ContractError("x-acceptance.load.think_max leaves no time for arrivals",
                        "make it shorter than duration");
  }
  return load;
}

FailoverContract ReadFailover(const json& object) {
  FailoverContract failover;
  FieldReader reader("x-acceptance.failover", object);
  reader.Read("max_coordinator_downtime", failover.max_coordinator_downtime, 1ms, 1h);
  reader.Read("max_redis_recovery", failover.max_redis_recovery, 1ms, 1h);
  reader.Read("max_gateway_downtime", failover.max_gateway_downtime, 1ms, 1h);
  reader.Read("min_success_during_failover", failover.min_success_during_failover, 0.0, 1.0);
  reader.Read("failover_window", failover.failover_window, 100ms, 1h);
  reader.Read("max_answer_time", failover.max_answer_time, 10ms, 1min);
  reader.Read("max_reconnects_per_second", failover.max_reconnects_per_second, 0.0, 1e6);
  reader.Read("max_reassignment", failover.max_reassignment, 1ms, 1h);
  reader.Read("min_neighbour_success", failover.min_neighbour_success, 0.0, 1.0);
  reader.Read("max_neighbour_p99_ratio", failover.max_neighbour_p99_ratio, 1.0, 1e6);
  reader.Read("neighbour_p99_floor", failover.neighbour_p99_floor, 0ms, 1h);
  reader.Read("probe_every", failover.probe_every, 1ms, 10s);
  reader.Read("write_every", failover.write_every, 1ms, 10s);
  reader.Read("probe_patience", failover.probe_patience, 10ms, 1min);
  reader.Read("late_after", failover.late_after, 1ms, 1min);
  reader.Read("steady", failover.steady, 100ms, 1h);
  reader.Read("outage", failover.outage, 100ms, 1h);
  reader.Read("task_think", failover.task_think, 100ms, 1h);
  reader.Read("drain", failover.drain, 1s, 1h);
  reader.Read("min_operations", failover.min_operations, 1, 1'000'000);
  reader.Read("harness_kills", failover.harness_kills, 1, 10'000);
  reader.Read("chaos", failover.chaos, 1s, 24h);
  reader.RejectUnknown();
  if (failover.late_after > failover.probe_patience) {
    throw ContractError("x-acceptance.failover.late_after is longer than probe_patience",
                        "make it shorter");
  }
  return failover;
}

std::map<std::string, std::string> Labels(const json& service) {
  std::map<std::string, std::string> labels;
  const json found = service.is_object() ? service.value("labels", json::object()) : json();
  if (!found.is_object()) return labels;
  for (const auto& [name, value] : found.items()) {
    if (value.is_string()) labels[name] = value.get<std::string>();
  }
  return labels;
}

std::optional<Role> RoleOf(const std::string& word) {
  for (const Role role : {Role::kCoordinator, Role::kWorker, Role::kRedis, Role::kGateway}) {
    if (RoleName(role) == word) return role;
  }
  return std::nullopt;
}

std::vector<ServiceRole> ReadServices(const json& model, const std::vector<std::string>& teams) {
  std::vector<ServiceRole> services;
  const json found = model.value("services", json::object());
  if (!found.is_object()) return services;
  for (const auto& [name, service] : found.items()) {
    const auto labels = Labels(service);
    const auto role_label = labels.find("acceptance.role");
    if (role_label == labels.end()) continue;
    const std::optional<Role> role = RoleOf(role_label->second);
    if (!role) {
      throw ContractError(
          fmt::format("service {} has acceptance.role \"{}\"", name, role_label->second),
          "known: coordinator, worker, redis, gateway");
    }
    const auto team_label = labels.find("acceptance.team");
    const std::string team = team_label == labels.end() ? "" : team_label->second;
    if (!team.empty() && std::find(teams.begin(), teams.end(), team) == teams.end()) {
      throw ContractError(
          fmt::format("service {} has acceptance.team \"{}\", which x-acceptance.teams lacks", name,
                      team),
          fmt::format("the teams are: {}", fmt::join(teams, ", ")));
    }
    services.push_back({name, *role, team});
  }
  return services;
}

std::map<std::string, std::string> ReadSecretFiles(const json& model) {
  std::map<std::string, std::string> files;
  const json secrets = model.value("secrets", json::object());
  if (!secrets.is_object()) return files;
  for (const auto& [name, secret] : secrets.items()) {
    if (secret.is_object() && secret.contains("file") && secret.at("file").is_string()) {
      files[name] = secret.at("file").get<std::string>();
    }
  }
  return files;
}

void Replace(std::string& text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
}

}  // namespace

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kCoordinator:
      return "coordinator";
    case Role::kWorker:
      return "worker";
    case Role::kRedis:
      return "redis";
    case Role::kGateway:
      return "gateway";
  }
  return "unknown";
}

std::vector<std::string> Contract::Services(Role role, std::string_view team) const {
  std::vector<std::string> names;
  for (const ServiceRole& service : services) {
    if (service.role != role) continue;
    if (team.empty() || service.team.empty() || service.team == team) {
      names.push_back(service.service);
    }
  }
  return names;
}

std::optional<std::string> Contract::Service(Role role, std::string_view team) const {
  const std::vector<std::string> names = Services(role, team);
  if (names.empty()) return std::nullopt;
  return names.front();
}

const std::string& Contract::SecretFile(const std::string& name) const {
  const auto found = secret_files.find(name);
  if (found == secret_files.end()) {
    throw ContractError(
        fmt::format("the compose model has no file-based secret \"{}\"", name),
        "declare it under the top-level secrets or name another one in x-acceptance");
  }
  return found->second;
}

std::string FillPlaceholders(std::string text, std::string_view team, std::string_view task,
                             std::string_view payload) {
  Replace(text, "{team}", team);
  Replace(text, "{task}", task);
  Replace(text, "{payload}", payload);
  return text;
}

json ContractPart(const json& model) {
  if (!model.is_object()) return model;
  json services = json::object();
  const json all = model.value("services", json::object());
  for (const auto& [name, service] : all.items()) {
    services[name] = {{"labels", Labels(service)}};
  }
  json secrets = json::object();
  for (const auto& [name, file] : ReadSecretFiles(model)) secrets[name] = {{"file", file}};
  json part = {{"name", model.value("name", "")}, {"services", services}, {"secrets", secrets}};
  if (model.contains("x-acceptance")) part["x-acceptance"] = model.at("x-acceptance");
  return part;
}

Contract ParseContract(const json& model, const ContractOptions& options) {
  const json block = AcceptanceBlock(model, options.profile);

  Contract contract;
  FieldReader reader("x-acceptance", block);
  const std::vector<std::string> all_teams = ReadTeams(reader);
  contract.driver = ReadDriver(reader.Object("driver"));
  contract.redis = ReadRedis(reader.Object("redis"));
  contract.gateway = ReadGateway(reader.Object("gateway"));
  contract.load = ReadLoad(reader.Object("load"));
  contract.failover = ReadFailover(reader.Object("failover"));
  reader.Ignore("security");  // ParseSecurityContract
  reader.RejectUnknown();

  contract.project = model.value("name", "");
  contract.profile = options.profile.empty() ? "seed" : options.profile;
  contract.teams = Restrict(all_teams, options.teams);
  contract.all_teams = all_teams;
  contract.services = ReadServices(model, all_teams);
  contract.secret_files = ReadSecretFiles(model);
  return contract;
}

}  // namespace proving_ground
