#include "support/mcp/scripted_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <mutex>
#include <sstream>
#include <stop_token>
#include <thread>
#include <vector>

#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

constexpr int kLookForStopMs = 20;

// Waits until `socket` can be read; false when the server stops.
bool AwaitReadable(int socket, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd entry{socket, POLLIN, 0};
    if (::poll(&entry, 1, kLookForStopMs) > 0) return true;
  }
  return false;
}

HttpRequest ParseHead(const std::string& head) {
  HttpRequest request;
  std::istringstream lines(head);
  lines >> request.method >> request.url;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    std::string value = line.substr(colon + 1);
    while (!value.empty() && (value.back() == '\r' || value.back() == ' ')) value.pop_back();
    value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
    request.headers.emplace_back(std::move(name), std::move(value));
  }
  return request;
}

std::size_t BodySize(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name == "content-length") return std::stoul(value);
  }
  return 0;
}

std::string Serialize(const HttpResult& result) {
  std::string text = "HTTP/1.1 " + std::to_string(result.status) + " Scripted\r\n";
  for (const auto& [name, value] : result.headers) text += name + ": " + value + "\r\n";
  if (result.status != 204) {
    text += "content-length: " + std::to_string(result.body.size()) + "\r\n";
  }
  return text + "\r\n" + result.body;
}

// Serves one connection until either side closes it.
void Serve(const FileDescriptor& socket, const ScriptedServer::Answer& answer,
           const std::stop_token& stop) {
  std::string buffer;
  const auto read_more = [&] {
    char chunk[4096];
    if (!AwaitReadable(socket.get(), stop)) return false;
    const ssize_t size = ::recv(socket.get(), chunk, sizeof(chunk), 0);
    if (size > 0) buffer.append(chunk, static_cast<std::size_t>(size));
    return size > 0;
  };
  for (;;) {
    std::size_t end;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return;
    }
    HttpRequest request = ParseHead(buffer.substr(0, end));
    const std::size_t size = BodySize(request);
    while (buffer.size() < end + 4 + size) {
      if (!read_more()) return;
    }
    request.body = buffer.substr(end + 4, size);
    buffer.erase(0, end + 4 + size);
    const HttpResult result = answer(request);
    if (result.status == 0) return;
    const std::string text = Serialize(result);
    if (::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace

class ScriptedServer::Acceptor {
 public:
  explicit Acceptor(Answer answer) : answer_(std::move(answer)) {
    listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw SystemError("cannot listen on a loopback port", errno);
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
  }

  int port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void Accept(const std::stop_token& stop) {
    std::vector<std::jthread> threads;  // asked to stop and joined on the way out
    while (AwaitReadable(listener_.get(), stop)) {
      FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!socket.valid()) continue;
      ++connections_;
      threads.emplace_back([this, owned = std::move(socket)](const std::stop_token& inner) {
        Serve(owned, answer_, inner);
      });
    }
  }

  Answer answer_;
  FileDescriptor listener_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::jthread thread_;
};

ScriptedServer::ScriptedServer(Answer answer)
    : acceptor_(std::make_unique<Acceptor>(std::move(answer))) {}
ScriptedServer::~ScriptedServer() = default;

std::string ScriptedServer::url() const {
  return "http://127.0.0.1:" + std::to_string(acceptor_->port());
}

int ScriptedServer::connections() const { return acceptor_->connections(); }

}  // namespace proving_ground
