// A Redis server of the harness's own: no port, a socket in a temporary folder, ended with the
// object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "support/base/files.h"
#include "support/redis/redis_client.h"

namespace proving_ground {

class PrivateRedis {
 public:
  // Starts redis-server, with `more` options ("--aclfile", path) if any, and waits until it
  // answers, be it with a refusal. Throws EnvironmentError.
  explicit PrivateRedis(std::vector<std::string> more = {});
  ~PrivateRedis();
  PrivateRedis(const PrivateRedis&) = delete;
  PrivateRedis& operator=(const PrivateRedis&) = delete;

  RedisClient::Options options() const;
  // SIGSTOP and SIGCONT: the connection stays, nothing answers.
  void Freeze();
  void Thaw();
  // Ends the server (SIGKILL) and starts it again.
  void Kill();
  void Start();

 private:
  TemporaryFolder folder_{"private-redis"};
  std::vector<std::string> more_;
  pid_t process_ = -1;
};

}  // namespace proving_ground
