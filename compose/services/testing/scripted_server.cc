#include "compose/services/testing/scripted_server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <optional>

namespace platform::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

ScriptedRequest Convert(const http::request<http::string_body>& request) {
  ScriptedRequest converted;
  converted.method = std::string(request.method_string());
  converted.target = std::string(request.target());
  converted.body = request.body();
  for (const auto& field : request) {
    converted.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return converted;
}

std::string Serialize(const ScriptedReply& reply) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
  if (reply.status != 204) text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  text += "\r\n" + reply.body;
  if (reply.manner == ScriptedReply::Manner::kHalfAnswer) text.pop_back();
  return text;
}

}  // namespace

std::string_view ScriptedRequest::Header(std::string_view name) const {
  const auto same = [&](const auto& header) {
    return boost::beast::iequals(
        boost::beast::string_view(header.first.data(), header.first.size()),
        boost::beast::string_view(name.data(), name.size()));
  };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

class ScriptedServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::any_io_executor executor, Handler handler)
      : executor_(std::move(executor)), handler_(std::move(handler)) {}

  void Listen() {
    acceptor_.emplace(executor_, tcp::endpoint(asio::ip::address_v4::loopback(), port_));
    port_ = acceptor_->local_endpoint().port();
    Accept();
  }

  void Close() {
    acceptor_.reset();
    error_code ignored;
    for (const auto& socket : sockets_) socket->close(ignored);
    sockets_.clear();
  }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void Accept() {
    acceptor_->async_accept([self = shared_from_this()](const error_code& ec, tcp::socket socket) {
      if (ec || !self->acceptor_) return;
      ++self->connections_;
      self->sockets_.push_back(std::make_shared<tcp::socket>(std::move(socket)));
      asio::co_spawn(self->executor_, Serve(self, self->sockets_.back()), asio::detached);
      self->Accept();
    });
  }

  static asio::awaitable<void> Serve(std::shared_ptr<Impl> self,
                                     std::shared_ptr<tcp::socket> socket) {
    boost::beast::flat_buffer buffer;
    error_code ec;
    while (!ec) {
      http::request<http::string_body> request;
      co_await http::async_read(*socket, buffer, request,
                                asio::redirect_error(asio::use_awaitable, ec));
      if (ec) break;
      const ScriptedReply reply = co_await self->handler_(Convert(request));
      using Manner = ScriptedReply::Manner;
      if (reply.manner == Manner::kSilence) co_return;  // The list keeps the connection open.
      if (reply.manner == Manner::kHangUp) break;
      const std::string text = Serialize(reply);
      co_await asio::async_write(*socket, asio::buffer(text),
                                 asio::redirect_error(asio::use_awaitable, ec));
      if (reply.manner != Manner::kAnswer) break;
    }
    socket->close(ec);
    self->sockets_.remove(socket);
  }

  asio::any_io_executor executor_;
  Handler handler_;
  std::uint16_t port_ = 0;
  int connections_ = 0;
  std::optional<tcp::acceptor> acceptor_;
  std::list<std::shared_ptr<tcp::socket>> sockets_;
};

ScriptedServer::ScriptedServer(asio::any_io_executor executor, Handler handler)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(handler))) {
  impl_->Listen();
}

ScriptedServer::~ScriptedServer() { impl_->Close(); }

std::uint16_t ScriptedServer::port() const { return impl_->port(); }
int ScriptedServer::connections() const { return impl_->connections(); }
void ScriptedServer::Disappear() { impl_->Close(); }
void ScriptedServer::Reappear() { impl_->Listen(); }

}  // namespace platform::testing
