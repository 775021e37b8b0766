#include "support/redis/private_redis.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <utility>
#include <vector>

#include "support/base/poll.h"

extern char** environ;

namespace proving_ground {

using namespace std::chrono_literals;

PrivateRedis::PrivateRedis(std::vector<std::string> more) : more_(std::move(more)) {
  try {
    Start();
  } catch (...) {
    Kill();
    throw;
  }
}

PrivateRedis::~PrivateRedis() { Kill(); }

RedisClient::Options PrivateRedis::options() const {
  RedisClient::Options options;
  options.unix_socket = (folder_.path() / "redis.sock").string();
  return options;
}

void PrivateRedis::Freeze() { ::kill(process_, SIGSTOP); }

void PrivateRedis::Thaw() { ::kill(process_, SIGCONT); }

void PrivateRedis::Kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

void PrivateRedis::Start() {
  std::vector<std::string> arguments = {"redis-server",
                                        "--port",
                                        "0",
                                        "--unixsocket",
                                        options().unix_socket,
                                        "--save",
                                        "",
                                        "--appendonly",
                                        "no",
                                        "--dir",
                                        folder_.path().string(),
                                        "--logfile",
                                        (folder_.path() / "log").string()};
  arguments.insert(arguments.end(), more_.begin(), more_.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int error =
      posix_spawnp(&process_, "redis-server", nullptr, nullptr, pointers.data(), environ);
  if (error != 0) throw SystemError("cannot start redis-server", error);
  Await("the private redis-server to answer", Within(10s), [&](std::string& seen) {
    try {
      return RedisClient(options()).Command({"PING"}).text == "PONG";
    } catch (const RedisRefused&) {
      return true;  // it wants to know who asks
    } catch (const RedisUnavailable& unavailable) {
      seen = unavailable.what();
      return false;
    }
  });
}

}  // namespace proving_ground
