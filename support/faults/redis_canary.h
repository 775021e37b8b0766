// What an ordinary client of the stack's Redis experiences.
#pragma once

#include <optional>
#include <string>

#include "support/faults/redis_faults.h"
#include "support/redis/redis_client.h"

namespace proving_ground {

// Connects anew and writes the canary. Returns what Redis refused it with ("OOM command not
// allowed …"); nullopt when it was stored, or nobody answered.
std::optional<std::string> RefusalOfWrite(const FaultContext& context, const RedisAccount& client);

// Connects anew with this password. Returns what Redis refused it with; nullopt as above.
std::optional<std::string> RefusalOfPassword(const FaultContext& context,
                                             const RedisAccount& client,
                                             const std::string& password);

// Whether the client can write now; says why not.
bool CanWrite(const FaultContext& context, const RedisAccount& client, std::string& seen);

// Writes the canary. Throws what RedisClient::Command throws.
void WriteCanary(RedisClient& connection, const RedisAccount& client);

// The beginning of every fault of Redis: unavailable without an operator; throws EnvironmentError
// when the client cannot write. Over when it can again.
Fault RedisFault(const char* name, const FaultContext& context, const RedisAccount& client);

}  // namespace proving_ground
