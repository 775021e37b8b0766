#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "support/attacks/mcp/testing/scripted_gateway.h"
#include "support/attacks/mcp/testing/scripted_request.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr std::size_t kMostHead = 16'384;
constexpr std::size_t kMostBody = 1 << 20;
constexpr std::chrono::milliseconds kPatience{700};
constexpr int kCrowd = 5;
constexpr std::chrono::milliseconds kSlowdown{100};

}  // namespace

ScriptedGateway::ScriptedGateway(Defect defect) : defect_(defect) {
  listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), generic, &size) != 0) {
    throw SystemError("cannot listen on a loopback port", errno);
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
}

ScriptedGateway::~ScriptedGateway() = default;

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

void ScriptedGateway::Accept(const std::stop_token& stop) {
  std::vector<std::jthread> threads;  // asked to stop and joined on the way out
  while (!stop.stop_requested()) {
    pollfd entry{listener_.get(), POLLIN, 0};
    if (::poll(&entry, 1, 20) <= 0) continue;
    FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.valid()) continue;
    threads.emplace_back(
        [this, owned = std::move(socket)](const std::stop_token& inner) { Serve(owned, inner); });
  }
}

void ScriptedGateway::Serve(const FileDescriptor& socket, const std::stop_token& stop) {
  std::string buffer;
  std::string connection_team;
  for (;;) {
    Incoming request;
    Outgoing outgoing{.status = 0};
    if (!Receive(socket, stop, buffer, request, outgoing)) {
      outgoing.close = true;
    } else {
      const int crowd = ++asking_;
      if (Is(Defect::kSlowsAll) && crowd >= kCrowd) PauseUntil(Clock::now() + kSlowdown, stop);
      outgoing = Answer(request, connection_team);
      const bool refused =
          outgoing.status >= 400 || outgoing.body.find("error") != std::string::npos;
      if (refused && Is(Defect::kHoards)) {
        hoarded_ += static_cast<std::int64_t>(request.body.size() + request.target.size() + 500);
      }
      --asking_;
    }
    if (outgoing.status == 0) return;
    const std::string text = fmt::format(
        "HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        outgoing.status, outgoing.body.size(), outgoing.body);
    if (::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0 || outgoing.close) return;
  }
}

// False when the connection is to end, after `refusal` where that has a status.
bool ScriptedGateway::Receive(const FileDescriptor& socket, const std::stop_token& stop,
                              std::string& buffer, Incoming& request, Outgoing& refusal) const {
  const bool bounded = !Is(Defect::kNoLimits);
  const bool hurries = bounded && !Is(Defect::kHoldsSlow);
  const bool strict = !Is(Defect::kNoFramingCheck);
  Clock::time_point begun = Clock::time_point::max();
  const auto read_more = [&] {
    for (; !stop.stop_requested();) {
      if (hurries && !buffer.empty() && Clock::now() - begun > kPatience) {
        refusal.status = 408;
        return false;
      }
      pollfd entry{socket.get(), POLLIN, 0};
      if (::poll(&entry, 1, 20) <= 0) continue;
      char chunk[16'384];
      const ssize_t size = ::recv(socket.get(), chunk, sizeof chunk, 0);
      if (size <= 0) return false;
      begun = std::min(begun, Clock::now());
      buffer.append(chunk, static_cast<std::size_t>(size));
      return true;
    }
    return false;
  };
  const auto refuse = [&](int status) {
    refusal.status = status;
    return false;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (bounded && buffer.size() > kMostHead) return refuse(431);
    if (!read_more()) return false;
  }
  if (bounded && end > kMostHead) return refuse(431);
  const std::string head = buffer.substr(0, end + 2);
  bool malformed = head.find('\0') != std::string::npos;
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t stop_at = head.find('\n', at);
    std::string line = head.substr(at, stop_at - at);
    malformed = malformed || line.empty() || line.find('\r') != line.size() - 1;
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (at == 0) {
      request.method = line.substr(0, line.find(' '));
      request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    } else {
      const std::size_t colon = std::min(line.find(':'), line.size() - 1);
      malformed = malformed || line.front() == ' ' || (colon > 0 && line[colon - 1] == ' ');
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      request.headers.emplace_back(LowerCase(line.substr(0, colon)),
                                   value == std::string::npos ? "" : line.substr(value));
    }
    at = stop_at + 1;
  }
  const std::string length = request.Header("content-length");
  malformed = malformed || request.Count("content-length") > 1 ||
              request.Count("transfer-encoding") > 0 ||
              length.find_first_not_of("0123456789") != std::string::npos;
  if (malformed && strict && bounded) return refuse(400);
  if (request.Count("transfer-encoding") > 0 && !bounded) {
    while (read_more()) buffer.clear();  // for as long as it goes on
    return false;
  }
  const std::size_t size = length.empty() ? 0 : std::strtoull(length.c_str(), nullptr, 10);
  if (bounded && size > kMostBody) return refuse(413);
  while (buffer.size() - end - 4 < size) {
    if (!read_more()) return false;
  }
  request.body = buffer.substr(end + 4, size);
  buffer.erase(0, end + 4 + size);
  return true;
}

}  // namespace proving_ground
