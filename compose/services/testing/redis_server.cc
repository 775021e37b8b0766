#include "compose/services/testing/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace platform::testing {
namespace {

constexpr std::chrono::seconds kStartTimeout{10};
constexpr std::chrono::milliseconds kLookInterval{2};

using Connection = std::unique_ptr<redisContext, decltype(&redisFree)>;
using Answer = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

std::filesystem::path MakeDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "redis-server-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  return path;
}

std::uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

std::string Text(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_NIL) return "(nil)";
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY) return {reply.str, reply.len};
  std::string text;
  for (std::size_t i = 0; i < reply.elements; ++i) {
    text += (i == 0 ? "" : "\n") + Text(*reply.element[i]);
  }
  return text;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> config)
    : directory_(MakeDirectory()), config_(std::move(config)) {
  if (config_.empty()) config_ = {"appendonly yes"};
  Start();
}

RedisServer::~RedisServer() {
  if (pid_ > 0) Kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void RedisServer::Start() {
  if (pid_ > 0) throw std::runtime_error("redis-server runs already");
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  if (port_ == 0) port_ = FreePort();
  Launch();
  while (!Serves()) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {  // Somebody else took the port meanwhile.
      pid_ = -1;
      throw std::runtime_error("redis-server ended at its start; see port " +
                               std::to_string(port_));
    }
    if (std::chrono::steady_clock::now() > deadline) {
      Kill();
      throw std::runtime_error("redis-server does not serve after 10 s");
    }
    std::this_thread::sleep_for(kLookInterval);
  }
}

void RedisServer::Launch() {
  const std::string config_path = (directory_ / "redis.conf").string();
  std::ofstream file(config_path);
  file << "bind 127.0.0.1\nport " << port_ << "\nunixsocket " << unix_socket() << "\ndir "
       << directory_.string() << "\nsave \"\"\ndaemonize no\nenable-debug-command local\n";
  for (const std::string& line : config_) file << line << '\n';
  file.close();

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string log_path = (directory_ / "redis.log").string();
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_path.c_str(),
                                   O_CREAT | O_WRONLY | O_APPEND, 0600);
  std::string program = "redis-server";
  std::string argument = config_path;
  char* argv[] = {program.data(), argument.data(), nullptr};
  const int error = posix_spawnp(&pid_, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run redis-server; install the package");
}

bool RedisServer::Serves() const {
  try {
    return Run({"PING"}) == "PONG";
  } catch (const std::runtime_error&) {
    return false;
  }
}

void RedisServer::Kill() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::Pause() {
  kill(pid_, SIGSTOP);
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);  // The signal has taken effect when this returns.
}

void RedisServer::Resume() { kill(pid_, SIGCONT); }

std::string RedisServer::Run(const std::vector<std::string>& args) const {
  const timeval timeout{.tv_sec = 2, .tv_usec = 0};
  const Connection connection(redisConnectUnixWithTimeout(unix_socket().c_str(), timeout),
                              &redisFree);
  if (!connection || connection->err != 0) throw std::runtime_error("cannot connect to Redis");
  redisSetTimeout(connection.get(), timeout);
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  for (const std::string& arg : args) {
    data.push_back(arg.data());
    sizes.push_back(arg.size());
  }
  const Answer answer(
      static_cast<redisReply*>(redisCommandArgv(connection.get(), static_cast<int>(args.size()),
                                                data.data(), sizes.data())),
      &freeReplyObject);
  if (!answer) throw std::runtime_error("Redis does not answer");
  return Text(*answer);
}

}  // namespace platform::testing
