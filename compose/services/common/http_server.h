#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/http_message.h"

namespace boost::asio {
class io_context;
}

namespace platform {

// Runs on the server's io_context. The request lives until the response is written. An exception is
// answered with 500 {"error":"internal"} and logged as event handler_failed.
using HttpHandler = std::function<boost::asio::awaitable<HttpResponse>(const HttpRequest&)>;

// An HTTP/1.1 server with keep-alive in which everything a client can spend is bounded. It answers
// by itself, and closes the connection after: 400 malformed, or of a shape that two parsers could
// read differently (RFC 9112 sections 5.2, 6.1, 11.2: Content-Length with Transfer-Encoding, two of
// either, bare LF, folded lines, chunk extensions), 408 header or body too slow, 413 body too
// large, 431 header too large, 503 too many connections. All on one io_context that one thread
// runs.
class HttpServer {
 public:
  struct Options {
    std::string address = "0.0.0.0";
    std::uint16_t port = 0;   // 0: any free one
    bool reuse_port = false;  // several servers, one per thread, share the port
    std::size_t max_body = 1024 * 1024;
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_headers = 64;
    std::chrono::milliseconds header_timeout{
        5'000};  // from the first byte to the end of the header
    std::chrono::milliseconds body_timeout{10'000};
    std::chrono::milliseconds idle_timeout{
        75'000};  // between requests; also for a reader that does not read
    std::size_t max_connections = 1024;
  };

  // Throws std::runtime_error when the address cannot be listened on; connections queue from here
  // on.
  HttpServer(boost::asio::io_context& context, Options options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void Start();

  // The port it listens on. May be called from any thread.
  std::uint16_t port() const;

  // Stops accepting, closes idle connections, lets running requests end for at most `grace`, then
  // closes the rest.
  boost::asio::awaitable<void> Stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace platform
