// A blocking HTTP client for unit tests, which sends exactly the bytes it is given.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace platform {

struct RawResponse {
  unsigned status = 0;  // 0: the server closed without an answer
  std::string header;   // status line and fields
  std::string body;

  bool Has(std::string_view field) const { return header.find(field) != std::string::npos; }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval timeout{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(fd_);
      throw std::runtime_error("cannot connect");
    }
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (fd_ >= 0) close(fd_);
  }

  // Returns false when the server has closed; that may be the point of a test.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  RawResponse Read() {
    RawResponse response;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return response;
    }
    response.header = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    response.status = static_cast<unsigned>(std::atoi(response.header.c_str() + 9));
    const std::size_t length = response.header.find("Content-Length: ");
    if (length == std::string::npos) return response;
    const auto size = static_cast<std::size_t>(std::atoll(response.header.c_str() + length + 16));
    while (received_.size() < size && ReadMore()) continue;
    response.body = received_.substr(0, size);
    received_.erase(0, std::min(size, received_.size()));
    return response;
  }

  RawResponse Exchange(std::string_view bytes) {
    Send(bytes);
    return Read();
  }

  // Whether the server ends the connection, with nothing more to read.
  bool IsClosed() { return received_.empty() && !ReadMore(); }

 private:
  bool ReadMore() {
    char buffer[16'384];
    const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int fd_;
  std::string received_;
};

}  // namespace platform
