#include "support/faults/redis_canary.h"

#include "support/faults/redis_access.h"

namespace proving_ground {
namespace {

// Long enough to be seen, too short to be left behind.
constexpr auto kCanaryLife = "5000";  // milliseconds

// What Redis refuses `act` with.
template <typename Act>
std::optional<std::string> Refusal(Act act) {
  try {
    act();
  } catch (const RedisRefused& refused) {
    return refused.text();
  } catch (const RedisUnavailable&) {
  }
  return std::nullopt;
}

}  // namespace

void WriteCanary(RedisClient& connection, const RedisAccount& client) {
  connection.Command({"SET", client.canary_key, "canary", "PX", kCanaryLife});
}

std::optional<std::string> RefusalOfWrite(const FaultContext& context, const RedisAccount& client) {
  return Refusal([&] {
    RedisClient redis = ConnectAs(context, client.user, ReadPassword(client.password_file));
    WriteCanary(redis, client);
  });
}

std::optional<std::string> RefusalOfPassword(const FaultContext& context,
                                             const RedisAccount& client,
                                             const std::string& password) {
  return Refusal([&] { ConnectAs(context, client.user, password).Command({"PING"}); });
}

bool CanWrite(const FaultContext& context, const RedisAccount& client, std::string& seen) {
  try {
    RedisClient redis = ConnectAs(context, client.user, ReadPassword(client.password_file));
    WriteCanary(redis, client);
    return true;
  } catch (const EnvironmentError& error) {
    seen = error.what();
    return false;
  }
}

Fault RedisFault(const char* name, const FaultContext& context, const RedisAccount& client) {
  Fault fault;
  fault.name = name;
  if (!context.redis_operator) {
    fault.unavailable = "the contract names no operator of Redis";
    return fault;
  }
  fault.target = context.redis_operator->service;
  fault.services = {context.redis_operator->service};
  if (std::string why; !CanWrite(context, client, why)) {
    throw EnvironmentError(
        client.user + " cannot write " + client.canary_key + " even before a fault: " + why,
        "name an account, its password file and a key that it may write");
  }
  fault.over = [context, client](std::string& seen) { return CanWrite(context, client, seen); };
  return fault;
}

}  // namespace proving_ground
