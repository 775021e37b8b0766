#include "compose/services/common/health_check.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "compose/services/common/http_server.h"

namespace platform {
namespace {

namespace asio = boost::asio;

TEST(HealthCheckTest, IsTheAnswersStatus) {
  asio::io_context context(1);
  HttpServer::Options options;
  options.address = "127.0.0.1";
  HttpServer server(context, options,
                    [](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
                      HttpResponse response;
                      response.status = request.path == "/readyz" ? 200 : 503;
                      co_return response;
                    });
  server.Start();
  std::thread thread([&] { context.run(); });

  EXPECT_EQ(CheckHealth(server.port(), "/readyz"), 0);
  EXPECT_EQ(CheckHealth(server.port(), "/other"), 1);

  const std::uint16_t port = server.port();
  asio::co_spawn(context, server.Stop(std::chrono::milliseconds(0)), asio::detached);
  thread.join();
  EXPECT_EQ(CheckHealth(port, "/readyz"), 1) << "nobody listens";
}

}  // namespace
}  // namespace platform
