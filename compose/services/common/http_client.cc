#include "compose/services/common/http_client.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <optional>

#include "compose/services/common/address_order.h"
#include "compose/services/common/resolve.h"

namespace platform {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tcp = asio::ip::tcp;

namespace {

// A value from a file or a task must not be able to add a header or a second request.
void RefuseControlCharacters(std::string_view text, std::string_view what) {
  const auto is_control = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    throw std::invalid_argument("HTTP " + std::string(what) + " holds a control character");
  }
}

http::request<http::string_body> MakeRequest(const std::string& method, const std::string& target,
                                             const std::string& host, const HttpHeaders& headers,
                                             std::string body) {
  RefuseControlCharacters(method, "method");
  RefuseControlCharacters(target, "target");
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, host);
  request.set(http::field::user_agent, "proving-ground");
  for (const auto& [name, value] : headers) {
    RefuseControlCharacters(name, "header name");
    RefuseControlCharacters(value, "header " + name);
    request.set(name, value);
  }
  request.body() = std::move(body);
  if (!request.body().empty() || method != "GET") request.content_length(request.body().size());
  return request;
}

HttpResult MakeResult(http::response<http::string_body> response) {
  HttpResult result;
  result.status = response.result_int();
  for (const auto& field : response) {
    result.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  result.body = std::move(response.body());
  return result;
}

}  // namespace

std::string_view HttpResult::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (beast::iequals(beast::string_view(key.data(), key.size()),
                       beast::string_view(name.data(), name.size()))) {
      return value;
    }
  }
  return {};
}

// The state of a client, kept alive by a running request even if the client itself goes away.
class HttpClient::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::any_io_executor executor, Options options)
      : executor_(std::move(executor)),
        options_(std::move(options)),
        host_header_((options_.host.find(':') == std::string::npos ? options_.host
                                                                   : '[' + options_.host + ']') +
                     ':' + std::to_string(options_.port)) {}

  asio::awaitable<HttpResult> Request(std::string method, std::string target, HttpHeaders headers,
                                      std::string body, milliseconds deadline);
  void Abort();
  void Disappointed();

 private:
  asio::awaitable<std::vector<tcp::endpoint>> FindServers();
  asio::awaitable<void> Connect(steady_clock::time_point expiry);
  asio::awaitable<HttpResult> Exchange(http::request<http::string_body> request,
                                       steady_clock::time_point expiry);
  bool StillOpen();
  std::string Describe(const std::string& what, const error_code& ec) const;

  asio::any_io_executor executor_;
  Options options_;
  std::string host_header_;
  std::optional<beast::tcp_stream> stream_;
  tcp::endpoint peer_;  // Of the connection tried last.
  AddressOrder order_;
  bool busy_ = false;
  bool aborted_ = false;
};

asio::awaitable<std::vector<tcp::endpoint>> HttpClient::Connection::FindServers() {
  std::vector<tcp::endpoint> endpoints;
  try {
    const auto addresses = co_await Resolve(executor_, options_.host, options_.connect_timeout / 2);
    for (const auto& address : addresses) endpoints.emplace_back(address, options_.port);
  } catch (const ResolveError& error) {
    throw HttpUnavailable(error.what());
  }
  order_.Sort(endpoints);
  co_return endpoints;
}

asio::awaitable<void> HttpClient::Connection::Connect(steady_clock::time_point expiry) {
  expiry = std::min(expiry, steady_clock::now() + options_.connect_timeout);
  const std::vector<tcp::endpoint> endpoints = co_await FindServers();
  error_code ec = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : endpoints) {
    if (aborted_) throw HttpUnavailable(host_header_ + ": aborted");
    peer_ = endpoint;
    stream_.emplace(executor_);
    stream_->expires_at(expiry);
    co_await stream_->async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) stream_->socket().set_option(tcp::no_delay(true), ec);
    if (!ec) co_return;
    Disappointed();
    if (steady_clock::now() >= expiry) break;  // No time is left for the others.
  }
  throw HttpUnavailable(Describe("cannot connect to", ec));
}

void HttpClient::Connection::Disappointed() {
  order_.Failed(peer_);
  stream_.reset();
}

asio::awaitable<HttpResult> HttpClient::Connection::Exchange(
    http::request<http::string_body> request, steady_clock::time_point expiry) {
  error_code ec;
  stream_->expires_at(expiry);
  const std::size_t sent =
      co_await http::async_write(*stream_, request, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) {
    Disappointed();
    const std::string what = Describe("cannot send to", ec);
    if (sent == 0 && ec != beast::error::timeout) throw HttpUnavailable(what);
    throw HttpOutcomeUnknown(what);
  }
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(options_.max_body);
  co_await http::async_read_header(*stream_, buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, ec));
  // Boost 1.74 applies body_limit() to an answer in chunks only, not to one with a Content-Length.
  if (!ec && parser.content_length().value_or(0) > options_.max_body) ec = http::error::body_limit;
  if (!ec) {
    co_await http::async_read(*stream_, buffer, parser,
                              asio::redirect_error(asio::use_awaitable, ec));
  }
  if (ec) {
    Disappointed();
    throw HttpOutcomeUnknown(Describe("no answer from", ec));
  }
  stream_->expires_never();
  // Bytes after the answer would be taken for the next one: such a connection is not to be trusted.
  if (!parser.get().keep_alive() || buffer.size() > 0) stream_.reset();
  co_return MakeResult(parser.release());
}

asio::awaitable<HttpResult> HttpClient::Connection::Request(std::string method, std::string target,
                                                            HttpHeaders headers, std::string body,
                                                            milliseconds deadline) {
  const auto self = shared_from_this();
  if (busy_) throw std::logic_error("HttpClient runs one request at a time");
  auto request = MakeRequest(method, target, host_header_, headers, std::move(body));
  const auto expiry = steady_clock::now() + deadline;
  struct Busy {
    explicit Busy(bool& flag) : flag(flag) { flag = true; }
    ~Busy() { flag = false; }
    bool& flag;
  } busy(busy_);
  aborted_ = false;
  if (!StillOpen()) co_await Connect(expiry);
  co_return co_await Exchange(std::move(request), expiry);
}

void HttpClient::Connection::Abort() {
  if (!busy_) return;
  aborted_ = true;
  if (stream_) stream_->close();
}

// A peer that restarted has closed the kept connection. Seeing that before sending saves an unknown
// outcome.
bool HttpClient::Connection::StillOpen() {
  if (!stream_) return false;
  char byte = 0;
  const auto received =
      ::recv(stream_->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
  stream_.reset();
  return false;
}

std::string HttpClient::Connection::Describe(const std::string& what, const error_code& ec) const {
  const std::string reason = aborted_                      ? "aborted"
                             : ec == beast::error::timeout ? "deadline passed"
                                                           : ec.message();
  return what + ' ' + host_header_ + ": " + reason;
}

HttpClient::HttpClient(asio::any_io_executor executor, Options options)
    : connection_(std::make_shared<Connection>(std::move(executor), std::move(options))) {}

HttpClient::~HttpClient() { connection_->Abort(); }

asio::awaitable<HttpResult> HttpClient::Request(std::string method, std::string target,
                                                HttpHeaders headers, std::string body,
                                                milliseconds deadline) {
  return connection_->Request(std::move(method), std::move(target), std::move(headers),
                              std::move(body), deadline);
}

void HttpClient::Abort() { connection_->Abort(); }

void HttpClient::TryElsewhere() { connection_->Disappointed(); }

}  // namespace platform
