#include "compose/redis/health/redis_probe.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace platform {
namespace {

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (fd_ < 0) throw RedisProbeError(std::string("no socket: ") + std::strerror(errno));
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void Await(const Socket& socket, short events, Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{socket.fd(), events, 0};
  if (left <= 0 || poll(&wanted, 1, static_cast<int>(left)) <= 0) {
    throw RedisProbeError("no answer in time");
  }
}

void Connect(const Socket& socket, std::uint16_t port, Clock::time_point deadline) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
  if (errno != EINPROGRESS) throw RedisProbeError(std::strerror(errno));
  Await(socket, POLLOUT, deadline);
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) throw RedisProbeError(std::strerror(error));
}

// One command as Redis wants it: a count, then each argument with its length, so that a password
// may hold any byte.
std::string Encode(std::initializer_list<std::string_view> arguments) {
  std::string command = "*" + std::to_string(arguments.size()) + "\r\n";
  for (const std::string_view argument : arguments) {
    command += "$" + std::to_string(argument.size()) + "\r\n";
    command += argument;
    command += "\r\n";
  }
  return command;
}

void Ask(const Socket& socket, const std::string& command, std::string_view expected,
         Clock::time_point deadline) {
  // A few hundred bytes always fit into the send buffer of a fresh connection.
  if (send(socket.fd(), command.data(), command.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(command.size())) {
    throw RedisProbeError(std::strerror(errno));
  }
  std::string line;
  while (line.find("\r\n") == std::string::npos) {
    char buffer[512];
    Await(socket, POLLIN, deadline);
    const ssize_t count = recv(socket.fd(), buffer, sizeof buffer, 0);
    if (count <= 0) throw RedisProbeError("connection closed");
    line.append(buffer, static_cast<std::size_t>(count));
    if (line.size() > 4096) throw RedisProbeError("the answer is not Redis protocol");
  }
  line.resize(line.find("\r\n"));
  if (line != expected) throw RedisProbeError(line);
}

}  // namespace

void ProbeRedis(const RedisProbe& probe) {
  const Clock::time_point deadline = Clock::now() + probe.deadline;
  const Socket socket;
  Connect(socket, probe.port, deadline);
  Ask(socket, Encode({"AUTH", probe.user, probe.password}), "+OK", deadline);
  Ask(socket, Encode({"PING"}), "+PONG", deadline);
}

}  // namespace platform
