// Faults of the stack's Redis, brought about as its operator, and proved by an ordinary client.
//
// All are unavailable when the contract names no operator. They throw EnvironmentError when the
// ordinary client cannot work even before: then nothing could be proved.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/faults/fault.h"

namespace proving_ground {

// An ordinary client of Redis.
struct RedisAccount {
  std::string user;
  std::filesystem::path password_file;
  std::string canary_key;  // may be written by it, and used by nobody else; expires by itself
};

// Redis takes no writes: it is made the replica of an address at which nothing listens, so that it
// can never copy anything, and keeps its data. Unavailable for a Redis with replicas, or that is
// one.
Fault ReadOnly(const FaultContext& context, const RedisAccount& client);

// Redis refuses whatever needs memory; it evicts nothing.
Fault OutOfMemory(const FaultContext& context, const RedisAccount& client);

// All connections are closed, but for the operator's own; with `users`, only those of these
// accounts, of which `client` must be one. Heals by itself: clients connect again.
Fault KillClients(const FaultContext& context, const RedisAccount& client,
                  const std::vector<std::string>& users = {});

// The account is switched off and its connections are closed.
Fault RevokeUser(const FaultContext& context, const RedisAccount& client);

// The account gets another password, in Redis and in its password file (in place, since the file is
// mounted into containers; a copy lies beside it meanwhile), and its connections are closed.
// Unavailable when the account has other passwords than the one in its file.
Fault RotatePassword(const FaultContext& context, const RedisAccount& client);

}  // namespace proving_ground
