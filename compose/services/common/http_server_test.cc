#include "compose/services/common/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <optional>
#include <thread>

#include "compose/services/common/raw_client_for_test.h"

namespace platform {
namespace {

namespace asio = boost::asio;

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override { Stop(milliseconds(0)); }

  void Serve(HttpServer::Options options) {
    options.address = "127.0.0.1";
    server_.emplace(context_, options,
                    [this](const HttpRequest& request) { return Handle(request); });
    server_->Start();
    thread_ = std::thread([this] { context_.run(); });
  }

  void Stop(milliseconds grace) {
    if (!thread_.joinable()) return;
    asio::co_spawn(context_, server_->Stop(grace), asio::detached);
    thread_.join();
  }

  // Echoes the body; /fail throws; /wait answers when released, or after ten seconds.
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request) {
    if (request.path == "/fail") throw std::runtime_error("secret detail");
    if (request.path == "/wait") {
      waiting_.set_value();
      boost::system::error_code ignored;
      release_.expires_after(std::chrono::seconds(10));
      co_await release_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.method + " " + request.path + " " + request.body;
    co_return response;
  }

  RawClient Client() { return RawClient(server_->port()); }

  RawResponse Ask(const std::string& bytes) { return Client().Exchange(bytes); }

  asio::io_context context_{1};
  asio::steady_timer release_{context_};
  std::promise<void> waiting_;
  std::optional<HttpServer> server_;
  std::thread thread_;
};

constexpr char kGet[] = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(HttpServerTest, AnswersSeveralRequestsOfOneConnection) {
  Serve({});
  RawClient client = Client();

  for (int i = 0; i < 3; ++i) {
    const RawResponse response =
        client.Exchange("POST /p?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body, "POST /p hi");
    EXPECT_TRUE(response.Has("Content-Type: text/plain\r\n"));
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Serve({});
  RawClient client = Client();

  client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

  EXPECT_EQ(client.Read().body, "GET /1 ");
  EXPECT_EQ(client.Read().body, "GET /2 ");
}

TEST_F(HttpServerTest, AcceptsARequestInSinglesBytes) {
  Serve({});
  RawClient client = Client();

  for (const char c : std::string("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")) {
    client.Send(std::string(1, c));
  }

  EXPECT_EQ(client.Read().body, "POST /p hi");
}

TEST_F(HttpServerTest, ClosesWhenTheClientAsksForIt) {
  Serve({});
  RawClient client = Client();

  EXPECT_TRUE(client.Exchange("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                  .Has("Connection: close"));
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, HeadHasNoBody) {
  Serve({});
  RawClient client = Client();

  client.Send("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const RawResponse response = client.Read();

  EXPECT_TRUE(response.Has("Content-Length: 8"));
  EXPECT_EQ(response.body, "");
}

TEST_F(HttpServerTest, RefusesSmugglingShapesAndCloses) {
  Serve({});
  for (const char* fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "A: x\r\n folded\r\n", "A: x\nB: y\r\n"}) {
    RawClient client = Client();
    const RawResponse response =
        client.Exchange("POST /p HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n" + kGet);

    EXPECT_EQ(response.status, 400U) << fields;
    EXPECT_TRUE(response.Has("Connection: close")) << fields;
    EXPECT_TRUE(client.IsClosed()) << "the rest must not be taken for a request: " << fields;
  }
}

TEST_F(HttpServerTest, BoundsBodyAndHeader) {
  HttpServer::Options options;
  options.max_body = 100;
  options.max_header_bytes = 1000;
  options.max_headers = 8;
  Serve(options);

  EXPECT_EQ(
      Ask("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'))
          .status,
      413U);
  EXPECT_EQ(Ask("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                std::string(101, 'x') + "\r\n0\r\n\r\n")
                .status,
            413U);
  EXPECT_EQ(Ask("GET /a HTTP/1.1\r\nHost: h\r\nA: " + std::string(2000, 'x') + "\r\n\r\n").status,
            431U);
  std::string many = "GET /a HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 8; ++i) many += "A: x\r\n";
  EXPECT_EQ(Ask(many + "\r\n").status, 431U);
  EXPECT_EQ(Ask(kGet).status, 200U) << "control";
}

TEST_F(HttpServerTest, AnEndlessChunkHeaderIsBounded) {
  Serve({});
  RawClient client = Client();
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");

  const std::string zeros(64 * 1024, '0');
  for (int i = 0; i < 64 && client.Send(zeros); ++i) continue;

  EXPECT_GE(client.Read().status, 400U);
}

TEST_F(HttpServerTest, SlowHeadersAndBodiesAreTimedOut) {
  HttpServer::Options options;
  options.header_timeout = options.body_timeout = options.idle_timeout = milliseconds(300);
  Serve(options);
  const auto started = steady_clock::now();

  EXPECT_EQ(Ask("GET /a HTTP/1.1\r\nHost:").status, 408U);
  EXPECT_EQ(Ask("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhi").status, 408U);
  EXPECT_TRUE(Client().IsClosed()) << "a connection that never asks anything";
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds(5));
}

TEST_F(HttpServerTest, DrippingBytesDoesNotExtendTheDeadline) {
  HttpServer::Options options;
  options.header_timeout = milliseconds(400);
  Serve(options);
  RawClient client = Client();
  std::thread dripper([&] {
    const std::string header = "GET /a HTTP/1.1\r\nHost: h\r\nA: " + std::string(1000, 'x');
    for (const char c : header) {
      if (!client.Send(std::string(1, c))) return;
      std::this_thread::sleep_for(milliseconds(20));
    }
  });

  const auto started = steady_clock::now();
  EXPECT_EQ(client.Read().status, 408U);
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds(3));
  EXPECT_TRUE(client.IsClosed());
  dripper.join();
}

TEST_F(HttpServerTest, InvitesABodyThatWaitsForIt) {
  Serve({});
  RawClient client = Client();

  const RawResponse invitation = client.Exchange(
      "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(invitation.status, 100U);
  EXPECT_EQ(client.Exchange("hi").body, "POST /p hi");
}

TEST_F(HttpServerTest, AFailingHandlerTellsNothingAndTheConnectionLives) {
  Serve({});
  RawClient client = Client();

  const RawResponse failure = client.Exchange("GET /fail HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(failure.status, 500U);
  EXPECT_EQ(failure.body, R"({"error":"internal"})");
  EXPECT_EQ(client.Exchange(kGet).status, 200U);
}

TEST_F(HttpServerTest, IdleConnectionsMakeRoomForNewOnes) {
  HttpServer::Options options;
  options.max_connections = 2;
  Serve(options);
  RawClient first = Client();
  RawClient second = Client();
  ASSERT_EQ(first.Exchange(kGet).status, 200U);
  ASSERT_EQ(second.Exchange(kGet).status, 200U);

  RawClient third = Client();

  EXPECT_EQ(third.Exchange(kGet).status, 200U);
  EXPECT_TRUE(first.IsClosed()) << "the one that was idle for longest";
  EXPECT_EQ(second.Exchange(kGet).status, 200U);
}

TEST_F(HttpServerTest, RefusesConnectionsBeyondTheLimitWhenAllAreBusy) {
  HttpServer::Options options;
  options.max_connections = 1;
  Serve(options);
  RawClient busy = Client();
  busy.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  waiting_.get_future().wait();

  EXPECT_EQ(Client().Read().status, 503U);

  asio::post(context_, [this] { release_.cancel(); });
  EXPECT_EQ(busy.Read().status, 200U);
}

TEST_F(HttpServerTest, StopLetsRunningRequestsEnd) {
  Serve({});
  RawClient idle = Client();
  ASSERT_EQ(idle.Exchange(kGet).status, 200U);
  RawClient client = Client();
  client.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  waiting_.get_future().wait();

  asio::co_spawn(context_, server_->Stop(std::chrono::seconds(10)), asio::detached);
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_THROW(Client(), std::runtime_error) << "it must accept no more";
  asio::post(context_, [this] { release_.cancel(); });

  const RawResponse response = client.Read();
  EXPECT_EQ(response.status, 200U);
  EXPECT_TRUE(response.Has("Connection: close"));
  EXPECT_TRUE(client.IsClosed());
  thread_.join();
}

TEST_F(HttpServerTest, StopIsBoundedByItsGrace) {
  Serve({});
  RawClient client = Client();
  client.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  waiting_.get_future().wait();
  const auto started = steady_clock::now();

  asio::co_spawn(context_, server_->Stop(milliseconds(100)), asio::detached);

  EXPECT_TRUE(client.IsClosed());
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds(5));
  asio::post(context_, [this] { release_.cancel(); });
  thread_.join();
}

TEST_F(HttpServerTest, ServersOfSeveralThreadsShareAPort) {
  HttpServer::Options options;
  options.reuse_port = true;
  Serve(options);
  asio::io_context other_context;
  options.address = "127.0.0.1";
  options.port = server_->port();

  EXPECT_NO_THROW(HttpServer(
      other_context, options,
      [](const HttpRequest&) -> asio::awaitable<HttpResponse> { co_return HttpResponse(); }));
  options.reuse_port = false;
  EXPECT_THROW(HttpServer(other_context, options, nullptr), std::runtime_error);
}

}  // namespace
}  // namespace platform
