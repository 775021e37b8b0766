#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compose/services/common/awaitable.h"

namespace platform {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The answer to a request, whatever its status.
struct HttpResult {
  unsigned status = 0;
  HttpHeaders headers;  // As received; names keep their spelling.
  std::string body;

  // The first header of that name (case-insensitive), or an empty string.
  std::string_view Header(std::string_view name) const;
};

// The request was never sent: no address, no connection. It may be repeated safely.
class HttpUnavailable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The request may have been executed, but no complete answer came in time. Only an idempotent
// request may be repeated.
class HttpOutcomeUnknown : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// An HTTP/1.1 client that keeps one connection alive and runs one request at a time.
//
// Every request has a deadline over everything it does, so that a peer that vanished without a word
// (a network partition, a paused container) is noticed by the client's own clock and not by TCP's,
// which takes minutes. The name is resolved anew for each connection: a recreated container has
// another address. Of several addresses the one whose last failure is longest ago is tried first.
//
// Not thread-safe: use it from the thread (or strand) of its executor.
class HttpClient {
 public:
  struct Options {
    std::string host;  // Name or address, without brackets.
    std::uint16_t port = 80;
    // For finding the address and for the connection together; the former gets half of it. Both
    // take 1 ms where there is somebody, and the kernel repeats a lost SYN only after 1 s.
    std::chrono::milliseconds connect_timeout{600};
    std::size_t max_body = 1 << 20;  // Bytes accepted as an answer's body.
  };

  HttpClient(boost::asio::any_io_executor executor, Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends one request and returns its answer. `target` is the path with its query; `headers` come
  // on top of Host, User-Agent and Content-Length. A connection that the peer has closed meanwhile
  // is replaced. Throws HttpUnavailable, HttpOutcomeUnknown, and std::invalid_argument for a header
  // or a target that holds control characters, std::logic_error while another request runs.
  boost::asio::awaitable<HttpResult> Request(std::string method, std::string target,
                                             HttpHeaders headers, std::string body,
                                             std::chrono::milliseconds deadline);

  // Ends the request in flight, if any, as if its deadline had passed. The client stays usable.
  void Abort();

  // The server answered, but another one may serve better: the next request goes over a connection
  // of its own, to another address if the name has one. Call between requests.
  void TryElsewhere();

 private:
  class Connection;
  std::shared_ptr<Connection> connection_;  // Shared with the running request.
};

}  // namespace platform
