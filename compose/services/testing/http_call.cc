#include "compose/services/testing/http_call.h"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace platform::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds kTimeout{10};

}  // namespace

HttpAnswer CallHttp(std::uint16_t port, const std::string& method, const std::string& target,
                    const std::string& body) {
  asio::io_context context;
  beast::tcp_stream stream(context);
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, "127.0.0.1");
  request.set(http::field::connection, "close");
  request.body() = body;
  request.prepare_payload();
  http::response<http::string_body> response;
  beast::flat_buffer buffer;
  beast::error_code failure;

  // Deadlines of a tcp_stream hold for asynchronous operations only.
  stream.expires_after(kTimeout);
  stream.async_connect({asio::ip::address_v4::loopback(), port}, [&](beast::error_code error) {
    if (error) return void(failure = error);
    http::async_write(stream, request, [&](beast::error_code write_error, std::size_t) {
      if (write_error) return void(failure = write_error);
      http::async_read(stream, buffer, response,
                       [&](beast::error_code read_error, std::size_t) { failure = read_error; });
    });
  });
  context.run();
  if (failure) throw boost::system::system_error(failure, method + " " + target);

  HttpAnswer answer;
  answer.status = response.result_int();
  answer.body = response.body();
  answer.retry_after = std::string(response[http::field::retry_after]);
  return answer;
}

}  // namespace platform::testing
