#include "compose/services/common/http_server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/status.hpp>
#include <list>
#include <stdexcept>

#include "compose/services/common/http_parser.h"
#include "compose/services/common/log.h"

namespace platform {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

// Deadlines are checked by one sweep over all connections: a timer per read would cost more than
// parsing a request.
constexpr std::chrono::milliseconds kSweepInterval{100};
// After a refusal the rest of the request is read away for this long: closing at once would reset
// the connection, and the client would lose the answer.
constexpr std::chrono::milliseconds kLinger{1'000};
// Connections beyond the limit that are told so with 503; still more are just closed.
constexpr std::size_t kMaxRefused = 64;
constexpr std::size_t kReadSize = 16 * 1024;

std::string Serialize(const HttpResponse& response, bool head_only, bool keep_alive) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string text;
  text.reserve(256 + response.body.size());
  text += "HTTP/1.1 ";
  text += std::to_string(response.status);
  text += ' ';
  text.append(reason.data(), reason.size());
  text += "\r\n";
  if (!response.body.empty()) {
    text += "Content-Type: ";
    text += response.content_type;
    text += "\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
  }
  if (!keep_alive) text += "Connection: close\r\n";
  if (response.status != 204) {
    text += "Content-Length: ";
    text += std::to_string(response.body.size());
    text += "\r\n";
  }
  text += "\r\n";
  if (!head_only) text += response.body;
  return text;
}

HttpResponse Refusal(unsigned status) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  HttpResponse response;
  response.status = status;
  response.body = "{\"error\":\"" + std::string(reason.data(), reason.size()) + "\"}";
  return response;
}

struct Connection {
  Connection(tcp::socket accepted, std::uint64_t its_number)
      : socket(std::move(accepted)), number(its_number) {}

  std::string_view received() const {
    return {static_cast<const char*>(buffer.cdata().data()), buffer.cdata().size()};
  }
  void SetDeadline(std::chrono::milliseconds timeout) { deadline = Clock::now() + timeout; }
  void Close() {
    error_code ignored;
    socket.close(ignored);
  }

  tcp::socket socket;
  const std::uint64_t number;
  boost::beast::flat_buffer buffer;
  Clock::time_point deadline = Clock::time_point::max();
  bool timed_out = false;
  bool idle = true;  // no byte of the next request is here yet
};

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  Impl(asio::io_context& context, Options chosen, HttpHandler chosen_handler)
      : options(std::move(chosen)),
        handler(std::move(chosen_handler)),
        acceptor(context),
        sweep(context),
        emptied(context) {
    try {
      const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
      acceptor.open(endpoint.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
      if (options.reuse_port) acceptor.set_option(ReusePort(true));
      acceptor.bind(endpoint);
      acceptor.listen();
      port = acceptor.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("cannot listen on " + options.address + ":" +
                               std::to_string(options.port) + ": " + error.code().message());
    }
  }

  bool CloseIdle();

  // The coroutines that run on their own hold a reference to what they work on.
  asio::awaitable<void> Accept(std::shared_ptr<Impl> self);
  asio::awaitable<void> Sweep(std::shared_ptr<Impl> self);
  asio::awaitable<void> Serve(std::shared_ptr<Impl> self,
                              std::list<Connection>::iterator connection, bool refused);
  asio::awaitable<bool> ServeRequest(Connection& connection);
  asio::awaitable<unsigned> ReadHeader(Connection& connection, HeaderScanner& scanner);
  asio::awaitable<unsigned> ReadBody(Connection& connection, HttpParser& parser);
  asio::awaitable<bool> ReadSome(Connection& connection);
  asio::awaitable<bool> Write(Connection& connection, std::string text);
  asio::awaitable<void> Refuse(Connection& connection, unsigned status);
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request);

  const Options options;
  const HttpHandler handler;
  std::uint16_t port = 0;
  tcp::acceptor acceptor;
  asio::steady_timer sweep;
  asio::steady_timer emptied;  // cancelled when the last connection is gone
  std::list<Connection> connections;
  std::uint64_t accepted = 0;
  bool stopping = false;
};

asio::awaitable<void> HttpServer::Impl::Accept(std::shared_ptr<Impl> self) {
  while (acceptor.is_open()) {
    error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!acceptor.is_open()) co_return;
    if (error) {  // out of file descriptors, or the peer is gone already
      asio::steady_timer pause(acceptor.get_executor(), kSweepInterval);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    const bool room = connections.size() < options.max_connections || CloseIdle();
    if (!room && connections.size() >= options.max_connections + kMaxRefused) continue;
    socket.set_option(tcp::no_delay(true), error);
    connections.emplace_back(std::move(socket), ++accepted);
    asio::co_spawn(acceptor.get_executor(), Serve(self, std::prev(connections.end()), !room),
                   asio::detached);
  }
}

// Closes the connection that has been idle for longest: a client that hoards connections loses its
// own first.
bool HttpServer::Impl::CloseIdle() {
  const auto oldest =
      std::min_element(connections.begin(), connections.end(), [](const auto& a, const auto& b) {
        return std::pair(!a.idle, a.deadline) < std::pair(!b.idle, b.deadline);
      });
  if (oldest == connections.end() || !oldest->idle) return false;
  oldest->idle = false;
  oldest->Close();
  return true;
}

asio::awaitable<void> HttpServer::Impl::Sweep([[maybe_unused]] std::shared_ptr<Impl> self) {
  error_code error;
  while (acceptor.is_open() || !connections.empty()) {
    sweep.expires_after(kSweepInterval);
    co_await sweep.async_wait(asio::redirect_error(asio::use_awaitable, error));
    const auto now = Clock::now();
    for (Connection& connection : connections) {
      if (connection.deadline > now) continue;
      connection.deadline = Clock::time_point::max();
      connection.timed_out = true;
      connection.socket.cancel(error);
    }
  }
}

asio::awaitable<void> HttpServer::Impl::Serve([[maybe_unused]] std::shared_ptr<Impl> self,
                                              std::list<Connection>::iterator connection,
                                              bool refused) {
  try {
    if (refused) {
      co_await Refuse(*connection, 503);
    } else {
      bool open = true;
      while (open) open = co_await ServeRequest(*connection);
    }
  } catch (const std::exception& error) {
    Log(Level::kError, "connection_failed", {{"error", error.what()}});
  }
  connections.erase(connection);
  if (connections.empty()) emptied.cancel();
}

// Returns whether the connection stays open for another request.
asio::awaitable<bool> HttpServer::Impl::ServeRequest(Connection& connection) {
  HeaderScanner scanner(options.max_header_bytes, options.max_headers);
  connection.idle = true;
  if (stopping && connection.received().empty()) co_return false;
  unsigned refusal = co_await ReadHeader(connection, scanner);
  if (connection.idle) co_return false;

  HttpParser parser(options);
  if (refusal == 0) {
    refusal = parser.ParseHeader(connection.received().substr(0, scanner.size()));
    connection.buffer.consume(scanner.size());
  }
  if (refusal == 0 && !parser.done()) refusal = co_await ReadBody(connection, parser);
  if (refusal != 0) {
    co_await Refuse(connection, refusal);
    co_return false;
  }

  connection.deadline = Clock::time_point::max();
  HttpRequest& request = parser.request();
  request.connection = connection.number;
  const HttpResponse response = co_await Handle(request);
  const bool keep_alive = parser.keep_alive() && !stopping;
  std::string text = Serialize(response, request.method == "HEAD", keep_alive);
  const bool written = co_await Write(connection, std::move(text));
  co_return written&& keep_alive;
}

// Returns 0 with a complete header, else the status to refuse with. A connection that ends between
// two requests is left marked as idle.
asio::awaitable<unsigned> HttpServer::Impl::ReadHeader(Connection& connection,
                                                       HeaderScanner& scanner) {
  connection.SetDeadline(options.idle_timeout);
  while (true) {
    if (connection.idle && !connection.received().empty()) {
      connection.idle = false;
      connection.SetDeadline(options.header_timeout);
    }
    const HeaderScanner::Result result = scanner.Scan(connection.received());
    if (result == HeaderScanner::Result::kComplete) co_return 0;
    if (result == HeaderScanner::Result::kMalformed) co_return 400;
    if (result == HeaderScanner::Result::kTooLarge) co_return 431;
    const bool received = co_await ReadSome(connection);
    if (!received) co_return connection.timed_out ? 408 : 400;
  }
}

asio::awaitable<unsigned> HttpServer::Impl::ReadBody(Connection& connection, HttpParser& parser) {
  connection.SetDeadline(options.body_timeout);
  if (parser.expects_continue() && connection.received().empty()) {
    std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const bool written = co_await Write(connection, std::move(go_on));
    if (!written) co_return 400;
    connection.SetDeadline(options.body_timeout);
  }
  while (true) {
    std::size_t consumed = 0;
    if (!connection.received().empty()) {
      if (const unsigned refusal = parser.ParseBody(connection.received(), consumed); refusal != 0)
        co_return refusal;
      connection.buffer.consume(consumed);
    }
    if (parser.done()) co_return 0;
    // What Beast leaves unconsumed is the beginning of a chunk's header: it must not grow without
    // bound.
    if (connection.received().size() > options.max_header_bytes) co_return 400;
    const bool received = co_await ReadSome(connection);
    if (!received) co_return connection.timed_out ? 408 : 400;
  }
}

asio::awaitable<bool> HttpServer::Impl::ReadSome(Connection& connection) {
  error_code error;
  const auto room = connection.buffer.prepare(kReadSize);
  const std::size_t count = co_await connection.socket.async_read_some(
      room, asio::redirect_error(asio::use_awaitable, error));
  connection.buffer.commit(count);
  // The deadline may have passed after the bytes came and before this ran: cancelling found nothing
  // to cancel then.
  co_return !error && !connection.timed_out;
}

asio::awaitable<bool> HttpServer::Impl::Write(Connection& connection, std::string text) {
  connection.SetDeadline(options.idle_timeout);
  error_code error;
  co_await asio::async_write(connection.socket, asio::buffer(text),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

asio::awaitable<void> HttpServer::Impl::Refuse(Connection& connection, unsigned status) {
  connection.timed_out = false;
  std::string text = Serialize(Refusal(status), false, false);
  bool open = co_await Write(connection, std::move(text));
  if (!open) co_return;
  error_code error;
  connection.socket.shutdown(tcp::socket::shutdown_send, error);
  connection.SetDeadline(kLinger);
  while (open) {
    connection.buffer.consume(connection.buffer.size());
    open = co_await ReadSome(connection);
  }
}

asio::awaitable<HttpResponse> HttpServer::Impl::Handle(const HttpRequest& request) {
  try {
    co_return co_await handler(request);
  } catch (const std::exception& error) {
    Log(Level::kError, "handler_failed",
        {{"method", request.method}, {"path", request.path}, {"error", error.what()}});
  }
  HttpResponse response;
  response.status = 500;
  response.body = R"({"error":"internal"})";
  co_return response;
}

HttpServer::HttpServer(asio::io_context& context, Options options, HttpHandler handler)
    : impl_(std::make_shared<Impl>(context, std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() {
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->sweep.cancel();
  for (Connection& connection : impl_->connections) connection.Close();
}

void HttpServer::Start() {
  asio::co_spawn(impl_->acceptor.get_executor(), impl_->Accept(impl_), asio::detached);
  asio::co_spawn(impl_->acceptor.get_executor(), impl_->Sweep(impl_), asio::detached);
}

std::uint16_t HttpServer::port() const { return impl_->port; }

asio::awaitable<void> HttpServer::Stop(std::chrono::milliseconds grace) {
  const std::shared_ptr<Impl> impl = impl_;
  error_code error;
  impl->stopping = true;
  impl->acceptor.close(error);
  for (Connection& connection : impl->connections) {
    if (connection.idle) connection.Close();
  }
  impl->emptied.expires_after(grace);
  if (!impl->connections.empty()) {
    co_await impl->emptied.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  for (Connection& connection : impl->connections) connection.Close();
  impl->sweep.cancel();
}

}  // namespace platform
