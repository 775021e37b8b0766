#include "support/attacks/scout/connections.h"

#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr std::size_t kOtherFiles = 128;

int ErrorOf(int socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

// `error`: 0 when connected, EINPROGRESS while nothing is known.
void ConnectionAttempts::Settle(Attempt& attempt, int error) {
  if (error == EINPROGRESS) return;
  attempt.settled = true;
  if (error == 0) attempt.contact = Contact::kConnected;
  if (error == ECONNREFUSED) attempt.contact = Contact::kRefused;
}

void ConnectionAttempts::Begin(const AnySocketAddress& target) {
  Attempt attempt{.socket = FileDescriptor(::socket(
                      target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))};
  if (!attempt.socket.valid()) {
    if (errno != EAFNOSUPPORT) throw SystemError("make a socket", errno);
    attempt.settled = true;  // no IPv6 here: no way there
  } else {
    const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
    Settle(attempt, ::connect(attempt.socket.get(), address, target.size) == 0 ? 0 : errno);
  }
  attempts_.push_back(std::move(attempt));
}

std::vector<Contact> ConnectionAttempts::Finish(Clock::duration patience) {
  const Deadline deadline = Within(patience);
  const FileDescriptor poller(::epoll_create1(EPOLL_CLOEXEC));
  if (!poller.valid()) throw SystemError("watch sockets", errno);
  std::size_t open = 0;
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    if (attempts_[i].settled) continue;
    epoll_event wanted = {.events = EPOLLOUT, .data = {.u64 = i}};
    if (::epoll_ctl(poller.get(), EPOLL_CTL_ADD, attempts_[i].socket.get(), &wanted) != 0) {
      throw SystemError("watch a socket", errno);
    }
    ++open;
  }
  while (open > 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining());
    if (left.count() <= 0) break;
    std::array<epoll_event, 256> events = {};
    const int count =
        ::epoll_wait(poller.get(), events.data(), events.size(), static_cast<int>(left.count()));
    for (int i = 0; i < count; ++i) {
      Attempt& attempt = attempts_[events.at(static_cast<std::size_t>(i)).data.u64];
      Settle(attempt, ErrorOf(attempt.socket.get()));
      if (!attempt.settled) continue;
      ::epoll_ctl(poller.get(), EPOLL_CTL_DEL, attempt.socket.get(), nullptr);
      --open;
    }
  }
  std::vector<Contact> contacts;
  for (const Attempt& attempt : attempts_) contacts.push_back(attempt.contact);
  attempts_.clear();
  return contacts;
}

std::size_t MostSockets() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw SystemError("read the limit of files", errno);
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > 2 * kOtherFiles ? limit.rlim_cur - kOtherFiles : kOtherFiles;
}

}  // namespace proving_ground
