#include "compose/services/common/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <optional>

#include "compose/services/testing/scripted_server.h"

namespace platform {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::Lt;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using Manner = ScriptedReply::Manner;

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest()
      : server_(context_.get_executor(),
                [this](ScriptedRequest request) { return Reply(request); }) {
    options_.host = "127.0.0.1";
    options_.port = server_.port();
  }

  // Answers in the order of `script_`, then with 200.
  asio::awaitable<ScriptedReply> Reply(ScriptedRequest request) {
    requests_.push_back(std::move(request));
    ScriptedReply reply;
    if (!script_.empty()) {
      reply = script_.front();
      script_.pop_front();
    }
    co_return reply;
  }

  HttpClient& client() {
    if (!client_) client_.emplace(context_.get_executor(), options_);
    return *client_;
  }

  // Runs one request to its end; rethrows what it throws.
  HttpResult Request(std::string body = "", milliseconds deadline = milliseconds(2'000),
                     HttpHeaders headers = {}) {
    std::optional<HttpResult> result;
    std::exception_ptr error;
    asio::co_spawn(context_, client().Request("POST", "/path?a=b", headers, body, deadline),
                   [&](std::exception_ptr failure, HttpResult answer) {
                     error = failure;
                     result = std::move(answer);
                   });
    context_.restart();
    while (!result) context_.run_one_for(milliseconds(100));
    if (error) std::rethrow_exception(error);
    return *result;
  }

  asio::io_context context_{1};
  std::deque<ScriptedReply> script_;
  std::vector<ScriptedRequest> requests_;
  ScriptedServer server_;
  HttpClient::Options options_;
  std::optional<HttpClient> client_;
};

TEST_F(HttpClientTest, SendsTheRequestAndReadsTheAnswer) {
  script_.push_back({.status = 418, .body = "short", .headers = {{"X-Mark", "one"}}});
  const HttpResult result = Request("hello", milliseconds(2'000), {{"Content-Type", "text/plain"}});
  EXPECT_EQ(result.status, 418U);
  EXPECT_EQ(result.body, "short");
  EXPECT_EQ(result.Header("x-mark"), "one");
  EXPECT_EQ(result.Header("absent"), "");
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].method, "POST");
  EXPECT_EQ(requests_[0].target, "/path?a=b");
  EXPECT_EQ(requests_[0].body, "hello");
  EXPECT_EQ(requests_[0].Header("Content-Type"), "text/plain");
  EXPECT_EQ(requests_[0].Header("Host"), "127.0.0.1:" + std::to_string(server_.port()));
}

TEST_F(HttpClientTest, KeepsTheConnection) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(HttpClientTest, ReplacesAConnectionThatThePeerHasClosed) {
  script_.push_back({.manner = Manner::kThenHangUp});
  EXPECT_EQ(Request().status, 200U);
  context_.poll();  // Lets the server close.
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientTest, TriesElsewhereOverAConnectionOfItsOwn) {
  EXPECT_EQ(Request().status, 200U);
  client().TryElsewhere();
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientTest, ObeysConnectionClose) {
  script_.push_back({.headers = {{"Connection", "close"}}});
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientTest, NobodyListensMeansNotSent) {
  server_.Disappear();
  EXPECT_THROW(Request(), HttpUnavailable);
  server_.Reappear();
  EXPECT_EQ(Request().status, 200U);
}

TEST_F(HttpClientTest, ANameWithoutAddressMeansNotSent) {
  options_.host = "no-such-host.invalid";
  EXPECT_THROW(Request(), HttpUnavailable);
}

TEST_F(HttpClientTest, ResolvesNames) {
  options_.host = "localhost";
  EXPECT_EQ(Request().status, 200U);
}

TEST_F(HttpClientTest, ALostAnswerMeansOutcomeUnknown) {
  for (const Manner manner : {Manner::kHangUp, Manner::kHalfAnswer}) {
    script_.push_back({.body = "0123456789", .manner = manner});
    EXPECT_THROW(Request(), HttpOutcomeUnknown);
    EXPECT_EQ(Request().status, 200U);
  }
}

TEST_F(HttpClientTest, SilenceHitsTheDeadlineAndTheNextRequestUsesAnotherConnection) {
  script_.push_back({.manner = Manner::kSilence});
  const auto start = steady_clock::now();
  try {
    Request("", milliseconds(150));
    FAIL() << "a silent server answered";
  } catch (const HttpOutcomeUnknown& error) {
    EXPECT_THAT(error.what(), HasSubstr("deadline passed"));
  }
  EXPECT_THAT(steady_clock::now() - start, Lt(milliseconds(1'500)));
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 2);
}

// A listener whose queue is full does not take connections, like a host that drops packets.
TEST_F(HttpClientTest, AConnectionThatIsNeverMadeHitsItsOwnTimeout) {
  asio::ip::tcp::acceptor deaf(context_);
  deaf.open(asio::ip::tcp::v4());
  deaf.bind({asio::ip::address_v4::loopback(), 0});
  deaf.listen(1);
  std::vector<asio::ip::tcp::socket> queue;
  for (int i = 0; i < 4; ++i) {
    queue.emplace_back(context_, asio::ip::tcp::v4()).native_non_blocking(true);
    const auto address = deaf.local_endpoint();
    ::connect(queue.back().native_handle(), address.data(), static_cast<socklen_t>(address.size()));
  }
  options_.port = deaf.local_endpoint().port();
  options_.connect_timeout = milliseconds(200);
  const auto start = steady_clock::now();
  EXPECT_THROW(Request("", milliseconds(20'000)), HttpUnavailable);
  EXPECT_THAT(steady_clock::now() - start, Lt(milliseconds(2'000)));
}

TEST_F(HttpClientTest, AbortEndsARequestAndLeavesTheClientUsable) {
  script_.push_back({.manner = Manner::kSilence});
  asio::steady_timer timer(context_, milliseconds(50));
  timer.async_wait([&](const boost::system::error_code&) { client().Abort(); });
  EXPECT_THROW(Request("", milliseconds(20'000)), HttpOutcomeUnknown);
  EXPECT_EQ(Request().status, 200U);
  client().Abort();  // Without a request: nothing to end.
  EXPECT_EQ(Request().status, 200U);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientTest, RefusesABodyThatIsTooLarge) {
  options_.max_body = 1'000;
  script_.push_back({.body = std::string(1'000, 'x')});
  script_.push_back({.body = std::string(1'001, 'x')});
  EXPECT_EQ(Request().body.size(), 1'000U);
  EXPECT_THROW(Request(), HttpOutcomeUnknown);
}

TEST_F(HttpClientTest, RefusesHeadersThatWouldSplitTheRequest) {
  EXPECT_THROW(Request("", milliseconds(1'000), {{"X-A", "b\r\nX-C: d"}}), std::invalid_argument);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(Request().status, 200U);
}

}  // namespace
}  // namespace platform
