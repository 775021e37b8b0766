// Rules about the configuration of Redis.
#include <fmt/format.h>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// The configuration when it can be judged.
const RedisConfig* ConfigOf(const StackView& stack, Report& report) {
  const RedisConfig* config = stack.redis();
  if (config == nullptr || config->readable) return config;
  report.CannotEvaluate({.service = config->service},
                        "the configuration of Redis could not be read");
  return nullptr;
}

Place PlaceOf(const RedisConfig& config, const std::string& directive) {
  return {.service = config.service,
          .object = config.file.empty() ? "command line" : config.file,
          .field = directive};
}

std::int64_t Bytes(const RedisConfig& config, const std::string& directive) {
  const nlohmann::json text = config.Value(directive);
  return ParseBytes(&text).value_or(0);
}

// Needs a password, or has accounts (whose default user has a rule of its own).
bool AsksWho(const RedisConfig& config) {
  return !config.Value("requirepass").empty() || config.has_accounts;
}

void OpenToAll(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && !AsksWho(*config)) {
    report.AddAt(PlaceOf(*config, "requirepass"), "neither a password nor accounts");
  }
}

void ProtectedModeOff(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && Lower(config->Value("protected-mode")) == "no") {
    report.AddAt(PlaceOf(*config, "protected-mode"), "protected mode is off");
  }
}

void NotPersistent(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && Lower(config->Value("appendonly")) != "yes") {
    report.AddAt(PlaceOf(*config, "appendonly"),
                 "no append-only file: a restart loses accepted work");
  }
}

void NeverSynced(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && Lower(config->Value("appendfsync")) == "no") {
    report.AddAt(PlaceOf(*config, "appendfsync"),
                 "what was acknowledged may not be on disk for long");
  }
}

void Evicts(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config == nullptr) return;
  const std::string policy = Lower(config->Value("maxmemory-policy"));
  if (!policy.empty() && policy != "noeviction") {
    report.AddAt(PlaceOf(*config, "maxmemory-policy"),
                 "state is evicted: " + ShownText(policy, 30));
  }
}

void NoClientCaps(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config == nullptr) return;
  if (config->Value("maxclients").empty())
    report.AddAt(PlaceOf(*config, "maxclients"), "no number of clients is set");
  const std::string timeout = config->Value("timeout");
  if (timeout.empty() || timeout == "0")
    report.AddAt(PlaceOf(*config, "timeout"), "idle clients stay for ever");
}

void MemoryAboveLimit(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config == nullptr) return;
  const Service* service = stack.FindService(config->service);
  const auto& limit = service->declared.limits.memory;
  const std::int64_t most = Bytes(*config, "maxmemory");
  if (most <= 0)
    return report.AddAt(PlaceOf(*config, "maxmemory"),
                        "no limit of its own: it is killed when full");
  if (limit && most >= *limit) {
    report.AddAt(PlaceOf(*config, "maxmemory"),
                 "not below the container's memory limit: it is killed when full");
  }
}

void DebugCommands(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config == nullptr) return;
  for (const char* name :
       {"enable-debug-command", "enable-protected-configs", "enable-module-command"}) {
    const std::string value = Lower(config->Value(name));
    if (!value.empty() && value != "no")
      report.AddAt(PlaceOf(*config, name), std::string(name) + " is on");
  }
}

void DenialsForgotten(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && config->Value("acllog-max-len") == "0") {
    report.AddAt(PlaceOf(*config, "acllog-max-len"), "denials are not kept");
  }
}

void AccountsNotKept(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config != nullptr && !config->has_accounts) {
    report.AddAt(PlaceOf(*config, "aclfile"),
                 "no accounts are configured: a restart forgets those made later");
  }
}

void MasterUnsealed(const StackView& stack, Report& report) {
  const RedisConfig* config = ConfigOf(stack, report);
  if (config == nullptr) return;
  for (const char* name : {"replicaof", "slaveof"}) {
    const std::string master = Lower(config->Value(name));
    if (!master.empty() && master != "no one" && Lower(config->Value("tls-replication")) != "yes") {
      report.AddAt(PlaceOf(*config, name), "replicates in clear");
    }
  }
}

}  // namespace

std::vector<Rule> RedisServerRules() {
  using enum Severity;
  using enum Area;
  return {
      {"RDS-01", "Redis: security", kCritical, kRedis, "Redis answers everyone",
       "Set aclfile with one account per team, and switch the default user off.", OpenToAll},
      {"RDS-02", "Redis: security", kHigh, kRedis, "Protected mode of Redis is off",
       "Set protected-mode yes.", ProtectedModeOff},
      {"RDS-09", "Redis: persistence", kHigh, kRedis, "Redis does not keep its data",
       "Set appendonly yes.", NotPersistent},
      {"RDS-16", "Redis: persistence", kMedium, kRedis, "Redis leaves writing to the kernel",
       "Set appendfsync always, or everysec where a second may be lost.", NeverSynced},
      {"RDS-10", "Redis: eviction", kHigh, kRedis, "Redis drops state when it is full",
       "Set maxmemory-policy noeviction.", Evicts},
      {"RDS-11", "Redis: clients", kLow, kRedis, "Clients of Redis are not capped",
       "Set maxclients and timeout.", NoClientCaps},
      {"RDS-17", "Redis: eviction", kMedium, kRedis, "Redis may outgrow its container",
       "Set maxmemory to half of the container's limit.", MemoryAboveLimit},
      {"RDS-18", "Redis: security", kHigh, kRedis, "Debug or module commands of Redis are on",
       "Remove the enable-…-command directive.", DebugCommands},
      {"RDS-22", "Redis: ACL", kMedium, kRedis, "Redis forgets denials", "Remove acllog-max-len 0.",
       DenialsForgotten},
      {"RDS-12", "Redis: ACL", kHigh, kRedis, "Accounts of Redis do not survive a restart",
       "Keep them in an aclfile.", AccountsNotKept},
      {"RDS-23", "Redis: TLS", kMedium, kTransport, "Redis replicates in clear",
       "Set tls-replication yes.", MasterUnsealed},
  };
}

}  // namespace proving_ground::audit
