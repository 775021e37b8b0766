#include "support/attacks/mcp/raw_connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

// More than any answer that makes sense; a server that sends without end must not fill our memory.
constexpr std::size_t kMostBytes = 8 << 20;
// Without a length an answer ends with the connection; some servers keep it open all the same.
constexpr std::chrono::milliseconds kUndeclaredBody{300};

bool AwaitReady(int socket, short what, Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining());
  pollfd entry{socket, what, 0};
  return ::poll(&entry, 1, static_cast<int>(left.count())) > 0;
}

std::optional<std::size_t> Number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data() || value > kMostBytes) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> RawAnswer::Header(std::string_view name) const {
  std::string_view rest(head);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(line.size() + 2, rest.size()));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const std::size_t begin = line.find_first_not_of(" \t", name.size() + 1);
    return std::string(begin == std::string_view::npos ? "" : line.substr(begin));
  }
  return std::nullopt;
}

RawConnection::RawConnection(const std::string& address, int port,
                             std::chrono::milliseconds connect_within)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  const std::string where = address + ":" + std::to_string(port);
  if (!socket_.valid()) throw SystemError("cannot open a socket", errno);
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, address.c_str(), &peer.sin_addr) != 1) {
    throw EnvironmentError(where + " is no IPv4 address", "this is a bug in the harness");
  }
  int error = 0;
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&peer), sizeof peer) != 0) {
    error = errno;
    if (error == EINPROGRESS) {
      socklen_t size = sizeof error;
      error = ETIMEDOUT;
      if (AwaitReady(socket_.get(), POLLOUT, Within(connect_within))) {
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
      }
    }
  }
  if (error != 0) throw SystemError("cannot connect to " + where, error);
}

bool RawConnection::Send(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN || !AwaitReady(socket_.get(), POLLOUT, deadline)) {
      return false;
    }
  }
  return true;
}

RawConnection::Read RawConnection::ReadMore(Deadline deadline) {
  if (buffer_.size() > kMostBytes) return Read::kClosed;
  char chunk[16'384];
  for (;;) {
    const ssize_t size = ::recv(socket_.get(), chunk, sizeof chunk, 0);
    if (size > 0) {
      buffer_.append(chunk, static_cast<std::size_t>(size));
      return Read::kMore;
    }
    if (size == 0 || errno != EAGAIN) return Read::kClosed;
    if (!AwaitReady(socket_.get(), POLLIN, deadline)) return Read::kLate;
  }
}

RawConnection::Read RawConnection::ReadUntil(std::size_t size, Deadline deadline) {
  while (buffer_.size() < size) {
    const Read read = ReadMore(deadline);
    if (read != Read::kMore) return read;
  }
  return Read::kMore;
}

RawAnswer RawConnection::Receive(Deadline deadline) {
  const auto started = Clock::now();
  RawAnswer answer;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    const Read read = ReadMore(deadline);
    if (read == Read::kMore) continue;
    answer.closed = read == Read::kClosed;
    answer.took = Clock::now() - started;
    return answer;
  }
  answer.head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  const std::size_t space = answer.head.find(' ');
  if (space != std::string::npos) {
    answer.status = static_cast<int>(
        Number(std::string_view(answer.head).substr(space + 1, 3), 10).value_or(0));
  }
  TakeBody(answer, deadline);
  answer.took = Clock::now() - started;
  return answer;
}

void RawConnection::TakeBody(RawAnswer& answer, Deadline deadline) {
  if (answer.status == 204 || answer.status == 304) return;
  if (answer.Header("transfer-encoding").has_value()) {
    while (TakeChunk(answer.body, deadline)) {
    }
    return;
  }
  const auto declared = answer.Header("content-length");
  const auto size = declared ? Number(*declared, 10) : std::nullopt;
  if (size) {
    ReadUntil(*size, deadline);
  } else {
    ReadUntil(kMostBytes, Within(std::min<Clock::duration>(deadline.Remaining(), kUndeclaredBody)));
  }
  answer.body = buffer_.substr(0, size.value_or(kMostBytes));
  buffer_.erase(0, answer.body.size());
}

// False after the last one.
bool RawConnection::TakeChunk(std::string& body, Deadline deadline) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (ReadMore(deadline) != Read::kMore) return false;
  }
  const auto size = Number(std::string_view(buffer_).substr(0, end), 16);
  if (!size || body.size() + *size > kMostBytes) return false;
  if (ReadUntil(end + 2 + *size + 2, deadline) != Read::kMore) return false;
  body += buffer_.substr(end + 2, *size);
  buffer_.erase(0, end + 2 + *size + 2);
  return *size != 0;
}

bool RawConnection::ClosedByServer() {
  for (;;) {
    buffer_.clear();
    switch (ReadMore(Within(Clock::duration::zero()))) {
      case Read::kClosed:
        return true;
      case Read::kLate:
        return false;
      case Read::kMore:
        break;
    }
  }
}

}  // namespace proving_ground
