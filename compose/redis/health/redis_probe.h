// One question to a Redis server: do you serve?
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace platform {

// Redis does not serve. The message says what it answered or what went wrong, never the password.
class RedisProbeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct RedisProbe {
  std::uint16_t port = 6379;  // on 127.0.0.1
  std::string user;
  std::string password;
  std::chrono::milliseconds deadline{2000};  // for the whole exchange
};

// Signs in and sends PING. Returns if Redis answered PONG; throws RedisProbeError if not.
// PING is refused while data is being loaded, and when the append-only file cannot be written
// (MISCONF): a server that answers it can also store.
void ProbeRedis(const RedisProbe& probe);

}  // namespace platform
