// A private Redis server for one unit test.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace platform::testing {

// Runs the machine's `redis-server` in a temporary directory, reachable at a unix socket and at a
// free port of 127.0.0.1 only. It can be killed, paused and started again with its data; the
// destructor ends it by its process id and removes the directory. Throws std::runtime_error if the
// server does not come up within 10 s.
class RedisServer {
 public:
  // `config` holds further lines of redis.conf, such as "user sales on >secret ~team:sales:*
  // +@all". Without any the server keeps an append-only file, so that a killed one comes back with
  // its data.
  explicit RedisServer(std::vector<std::string> config = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  // Starts a server that was killed, on the same socket and port, and waits until it serves.
  void Start();
  // SIGKILL, and waits for its end.
  void Kill();
  // SIGSTOP and SIGCONT: while paused, connections stay and nothing answers.
  void Pause();
  void Resume();

  std::string unix_socket() const { return (directory_ / "redis.sock").string(); }
  std::uint16_t port() const { return port_; }

  // Runs one command as the default user, over a connection of its own, and returns the answer as
  // text: a nil as
  // "(nil)", an array with one element a line. For looking behind the back of what is tested.
  std::string Run(const std::vector<std::string>& args) const;

 private:
  void Launch();
  bool Serves() const;

  std::filesystem::path directory_;
  std::vector<std::string> config_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace platform::testing
