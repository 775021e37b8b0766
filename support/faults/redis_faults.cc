#include "support/faults/redis_faults.h"

#include <algorithm>
#include <memory>

#include "support/faults/redis_access.h"
#include "support/faults/redis_canary.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr auto kOperatorTime = 10s;
// Within Redis' own network namespace, where nothing listens at the port of tcpmux.
constexpr auto kNobodyHost = "127.0.0.1";
constexpr auto kNobodyPort = "1";
// Less than an empty Redis needs.
constexpr auto kTooLittleMemory = "1024";

RedisClient Operator(const FaultContext& context) {
  return ConnectAsOperator(context, Within(kOperatorTime));
}

// Value of a setting; empty when there is none of that name.
std::string Setting(RedisClient& redis, const std::string& name) {
  const RedisReply reply = redis.Command({"CONFIG", "GET", name});
  return reply.elements.size() < 2 ? "" : reply.elements[1].text;
}

std::string WhyNotReadOnly(RedisClient& redis) {
  const auto replication = redis.Info("replication");
  if (replication.at("role") != "master") return "Redis is a replica";
  if (replication.at("connected_slaves") != "0") return "Redis has replicas, which would lose it";
  if (Setting(redis, "replica-read-only") != "yes") {
    return "replicas take writes here (replica-read-only no), and a sync would lose them";
  }
  return {};
}

// Copying from a master would replace the data. Throws should that ever be about to happen.
void ExpectNoMaster(RedisClient& redis) {
  const auto replication = redis.Info("replication");
  const auto is = [&](const char* name, const char* value) {
    const auto found = replication.find(name);
    return found == replication.end() || found->second == value;
  };
  if (is("master_link_status", "down") && is("master_sync_in_progress", "0")) return;
  throw EnvironmentError("Redis found a master where there is none",
                         "see what listens at port 1 beside it");
}

}  // namespace

Fault ReadOnly(const FaultContext& context, const RedisAccount& client) {
  Fault fault = RedisFault("read-only", context, client);
  if (!fault.unavailable.empty()) return fault;
  RedisClient redis = Operator(context);
  fault.unavailable = WhyNotReadOnly(redis);
  fault.undo = {RedisCommands{{{"REPLICAOF", "NO", "ONE"}}}};
  fault.inject = [context] { Operator(context).Command({"REPLICAOF", kNobodyHost, kNobodyPort}); };
  fault.effect = [context, client]() -> std::optional<std::string> {
    const std::optional<std::string> refusal = RefusalOfWrite(context, client);
    if (!refusal || !refusal->starts_with("READONLY")) return std::nullopt;
    RedisClient redis = Operator(context);
    ExpectNoMaster(redis);
    return client.user + " is told: " + *refusal;
  };
  return fault;
}

Fault OutOfMemory(const FaultContext& context, const RedisAccount& client) {
  Fault fault = RedisFault("out of memory", context, client);
  if (!fault.unavailable.empty()) return fault;
  RedisClient redis = Operator(context);
  const std::string policy = Setting(redis, "maxmemory-policy");
  // The policy is changed first and restored last: in between anything else would evict data.
  fault.undo = {RedisCommands{{{"CONFIG", "SET", "maxmemory", Setting(redis, "maxmemory")},
                               {"CONFIG", "SET", "maxmemory-policy", policy}}}};
  fault.inject = [context] {
    RedisClient redis = Operator(context);
    redis.Command({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    redis.Command({"CONFIG", "SET", "maxmemory", kTooLittleMemory});
  };
  fault.effect = [context, client]() -> std::optional<std::string> {
    const std::optional<std::string> refusal = RefusalOfWrite(context, client);
    if (!refusal || !refusal->starts_with("OOM")) return std::nullopt;
    return client.user + " is told: " + *refusal;
  };
  return fault;
}

Fault KillClients(const FaultContext& context, const RedisAccount& client,
                  const std::vector<std::string>& users) {
  if (!users.empty() && std::find(users.begin(), users.end(), client.user) == users.end()) {
    throw UsageError(client.user + " is to prove that connections of others are closed",
                     "name an account whose connections are closed");
  }
  Fault fault = RedisFault("kill clients", context, client);
  if (!fault.unavailable.empty()) return fault;
  struct Canary {
    RedisClient connection;
    bool closed = false;
  };
  const auto canary = std::make_shared<Canary>(
      Canary{ConnectAs(context, client.user, ReadPassword(client.password_file))});
  WriteCanary(canary->connection, client);
  fault.inject = [context, users] {
    RedisClient redis = Operator(context);
    for (const std::string& user : users) redis.Command({"CLIENT", "KILL", "USER", user});
    if (!users.empty()) return;
    redis.Command({"CLIENT", "KILL", "TYPE", "normal"});  // spares the one that asks
    redis.Command({"CLIENT", "KILL", "TYPE", "pubsub"});
  };
  fault.effect = [canary, client]() -> std::optional<std::string> {
    try {
      WriteCanary(canary->connection, client);
    } catch (const RedisUnavailable&) {
      canary->closed = true;
    }
    if (!canary->closed) return std::nullopt;
    return "a connection of " + client.user + " was closed";
  };
  return fault;
}

}  // namespace proving_ground
