// The stack's Redis, reached from this machine.
//
// Its published port is another one after each restart, so it is looked up for each client.
#pragma once

#include <filesystem>
#include <string>

#include "support/base/poll.h"
#include "support/faults/fault.h"
#include "support/redis/redis_client.h"

namespace proving_ground {

// A password as its file holds it: without the last line end.
std::string ReadPassword(const std::filesystem::path& file);

// A client that connects at the first command. Throws EnvironmentError when the port is not
// published at present, or the password cannot be read.
RedisClient ConnectAs(const FaultContext& context, const std::string& user,
                      const std::string& password);

// The same as the operator, connected, once Redis answers. Throws EnvironmentError when the
// contract names no operator or Redis refuses it, DeadlineExceeded.
RedisClient ConnectAsOperator(const FaultContext& context, Deadline deadline);

}  // namespace proving_ground
