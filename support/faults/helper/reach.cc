#include "support/faults/helper/reach.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <chrono>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

struct Attempt {
  FileDescriptor socket;
  bool settled = false;
  std::optional<Clock::duration> answered;
};

// Notes how a connection attempt went, as far as that is known: `error` is EINPROGRESS while it is
// not, 0 when connected.
void Settle(Attempt& attempt, int error, Clock::time_point started) {
  if (error == EINPROGRESS) return;
  attempt.settled = true;
  if (error == 0 || error == ECONNREFUSED) attempt.answered = Clock::now() - started;
}

int ErrorOf(int socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

std::vector<Attempt> Begin(const std::vector<SocketAddress>& addresses, Clock::time_point started) {
  std::vector<Attempt> attempts;
  for (const SocketAddress& address : addresses) {
    Attempt attempt{
        .socket = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))};
    if (attempt.socket.get() < 0) throw SystemError("make a socket", errno);
    sockaddr_in target = {};
    target.sin_family = AF_INET;
    target.sin_port = htons(static_cast<in_port_t>(address.port));
    target.sin_addr = address.host;
    const int result =
        ::connect(attempt.socket.get(), reinterpret_cast<const sockaddr*>(&target), sizeof(target));
    Settle(attempt, result == 0 ? 0 : errno, started);
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

}  // namespace

in_addr ParseHost(const std::string& text) {
  in_addr host = {};
  if (inet_pton(AF_INET, text.c_str(), &host) != 1) {
    throw UsageError("'" + text + "' is no IPv4 address", "write it as 172.18.0.3");
  }
  return host;
}

SocketAddress ParseSocketAddress(const std::string& text) {
  const size_t colon = text.find(':');
  int port = 0;
  const char* const end = text.data() + text.size();
  const char* read = nullptr;
  if (colon != std::string::npos) read = std::from_chars(text.data() + colon + 1, end, port).ptr;
  if (read != end || port < 1 || port > 65535) {
    throw UsageError("'" + text + "' names no port", "write it as 172.18.0.3:6379");
  }
  return {.host = ParseHost(text.substr(0, colon)), .port = port};
}

std::vector<std::optional<Clock::duration>> Reach(const std::vector<SocketAddress>& addresses,
                                                  Clock::duration patience) {
  const Clock::time_point started = Clock::now();
  const Deadline deadline(started + patience);
  std::vector<Attempt> attempts = Begin(addresses, started);
  for (;;) {
    std::vector<pollfd> waiting;
    std::vector<Attempt*> waiting_attempts;
    for (Attempt& attempt : attempts) {
      if (attempt.settled) continue;
      waiting.push_back({.fd = attempt.socket.get(), .events = POLLOUT, .revents = 0});
      waiting_attempts.push_back(&attempt);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining());
    if (waiting.empty() || left.count() <= 0) break;
    ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    for (size_t index = 0; index < waiting.size(); ++index) {
      if (waiting[index].revents == 0) continue;
      Settle(*waiting_attempts[index], ErrorOf(waiting[index].fd), started);
    }
  }
  std::vector<std::optional<Clock::duration>> answers;
  for (const Attempt& attempt : attempts) answers.push_back(attempt.answered);
  return answers;
}

}  // namespace proving_ground
