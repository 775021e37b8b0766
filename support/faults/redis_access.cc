#include "support/faults/redis_access.h"

#include <optional>

#include "support/base/files.h"

namespace proving_ground {
namespace {

const RedisOperator& OperatorOf(const FaultContext& context) {
  if (context.redis_operator) return *context.redis_operator;
  throw EnvironmentError("the contract names no operator of Redis",
                         "name the account and its password file in the contract");
}

}  // namespace

std::string ReadPassword(const std::filesystem::path& file) {
  std::string password = ReadFile(file);
  if (!password.empty() && password.back() == '\n') password.pop_back();
  return password;
}

RedisClient ConnectAs(const FaultContext& context, const std::string& user,
                      const std::string& password) {
  const RedisOperator& redis = OperatorOf(context);
  const auto containers = context.stack.Containers(redis.service);
  if (containers.empty()) {
    throw EnvironmentError("there is no container of service " + redis.service,
                           "bring the stack up");
  }
  const Endpoint endpoint = context.stack.Published(containers.front(), redis.port);
  RedisClient::Options options;
  options.host = endpoint.host;
  options.port = endpoint.port;
  options.user = user;
  options.password = password;
  return RedisClient(options);
}

RedisClient ConnectAsOperator(const FaultContext& context, Deadline deadline) {
  const RedisOperator& redis = OperatorOf(context);
  const std::string password = ReadPassword(redis.password_file);
  return Await("Redis to answer its operator", deadline,
               [&](std::string& seen) -> std::optional<RedisClient> {
                 try {
                   RedisClient client = ConnectAs(context, redis.user, password);
                   client.Command({"PING"});
                   return client;
                 } catch (const RedisRefused& refused) {
                   // It reads its data from the disk; whatever else it says will not change.
                   if (!refused.text().starts_with("LOADING")) throw;
                   seen = refused.what();
                 } catch (const EnvironmentError& error) {
                   seen = error.what();
                 }
                 return std::nullopt;
               });
}

}  // namespace proving_ground
