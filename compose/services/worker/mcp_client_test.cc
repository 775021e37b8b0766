#include "compose/services/worker/mcp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "compose/services/common/configuration_error.h"
#include "compose/services/testing/scripted_server.h"

namespace platform {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

std::string ResultWith(const json& result, int id = 1) {
  return json({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}}).dump();
}

const json kHello = {
    {"content", {{{"type", "image"}, {"data", "x"}}, {{"type", "text"}, {"text", "hello"}}}}};

class McpClientTest : public ::testing::Test {
 protected:
  McpClientTest()
      : server_(context_.get_executor(),
                [this](ScriptedRequest request) { return Reply(request); }) {
    WriteToken("first-token\n");
    options_.server.host = "127.0.0.1";
    options_.server.port = server_.port();
    options_.token_file = token_file_;
    options_.call_deadline = milliseconds(2'000);
  }
  ~McpClientTest() override { std::filesystem::remove(token_file_); }

  void WriteToken(const std::string& token) { std::ofstream(token_file_) << token; }

  asio::awaitable<ScriptedReply> Reply(ScriptedRequest request) {
    requests_.push_back(std::move(request));
    ScriptedReply reply = script_.front();
    script_.pop_front();
    co_return reply;
  }

  void AnswerWith(std::string body, unsigned status = 200, std::string type = "application/json") {
    script_.push_back({.status = status,
                       .body = std::move(body),
                       .headers = {{"Content-Type", std::move(type)}}});
  }

  ToolResult Call(std::string tool = "text_digest", json arguments = {{"text", "abc"}}) {
    if (!client_) client_.emplace(context_.get_executor(), options_);
    std::optional<ToolResult> result;
    std::exception_ptr error;
    asio::co_spawn(context_, client_->Call(std::move(tool), std::move(arguments)),
                   [&](std::exception_ptr failure, ToolResult answer) {
                     error = failure;
                     result = std::move(answer);
                   });
    context_.restart();
    while (!result) context_.run_one_for(milliseconds(100));
    if (error) std::rethrow_exception(error);
    return *result;
  }

  const std::filesystem::path token_file_ =
      ::testing::TempDir() + "mcp_client_test." + std::to_string(::getpid());
  asio::io_context context_{1};
  std::deque<ScriptedReply> script_;
  std::vector<ScriptedRequest> requests_;
  ScriptedServer server_;
  McpClient::Options options_;
  std::optional<McpClient> client_;
};

TEST_F(McpClientTest, SendsAStatelessRequestOfTheCurrentRevision) {
  AnswerWith(ResultWith(kHello));
  const ToolResult result = Call();
  EXPECT_TRUE(result.succeeded);
  EXPECT_EQ(result.text, "hello");
  ASSERT_EQ(requests_.size(), 1U);
  const ScriptedRequest& request = requests_[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/mcp");
  EXPECT_EQ(request.Header("Authorization"), "Bearer first-token");
  EXPECT_EQ(request.Header("Accept"), "application/json, text/event-stream");
  EXPECT_EQ(request.Header("Content-Type"), "application/json");
  EXPECT_EQ(request.Header("MCP-Protocol-Version"), "2026-07-28");
  EXPECT_EQ(request.Header("Mcp-Method"), "tools/call");
  EXPECT_EQ(request.Header("Mcp-Name"), "text_digest");
  const json body = json::parse(request.body);
  EXPECT_EQ(body["method"], "tools/call");
  EXPECT_EQ(body["params"]["name"], "text_digest");
  EXPECT_EQ(body["params"]["arguments"], json({{"text", "abc"}}));
  EXPECT_EQ(body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
  EXPECT_TRUE(body["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"].is_object());
}

TEST_F(McpClientTest, ReadsAnEventStream) {
  const std::string notification =
      R"({"jsonrpc":"2.0","method":"notifications/progress","params":{}})";
  AnswerWith(": hello\r\n\r\ndata: " + notification +
                 "\n\nevent: message\ndata: " + ResultWith(kHello) + "\n\n",
             200, "text/event-stream");
  EXPECT_EQ(Call().text, "hello");
}

TEST_F(McpClientTest, AnErrorIsAFailedCall) {
  AnswerWith(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool"}})");
  ToolResult result = Call();
  EXPECT_FALSE(result.succeeded);
  EXPECT_THAT(result.reason, HasSubstr("-32602 Unknown tool"));

  AnswerWith(ResultWith(
      {{"isError", true}, {"content", {{{"type", "text"}, {"text", "no such key"}}}}}, 2));
  result = Call();
  EXPECT_FALSE(result.succeeded);
  EXPECT_THAT(result.reason, HasSubstr("no such key"));

  AnswerWith(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"bad"}})", 400);
  EXPECT_THAT(Call().reason, HasSubstr("bad"));

  AnswerWith("go away", 403, "text/plain");
  EXPECT_THAT(Call().reason, HasSubstr("403"));
}

TEST_F(McpClientTest, AnAnswerThatMakesNoSenseIsAFailedCall) {
  for (const char* body :
       {"", "[]", "7", "{", R"({"id":1})", R"({"id":99,"result":{}})", R"({"id":1,"result":[]})",
        R"({"id":1,"error":7})", R"({"id":1,"result":{"isError":"yes"}})",
        R"({"id":1,"result":{"content":[{"type":1}]}})",
        R"({"id":1,"result":{"resultType":"input_required"}})"}) {
    client_.reset();
    AnswerWith(body);
    const ToolResult result = Call();
    EXPECT_FALSE(result.succeeded) << body;
    EXPECT_FALSE(result.reason.empty()) << body;
  }
}

TEST_F(McpClientTest, ReadsTheTokenAgainWhenItIsRefused) {
  AnswerWith("", 401);
  AnswerWith(ResultWith(kHello));
  ASSERT_NO_THROW(client_.emplace(context_.get_executor(), options_));
  WriteToken("second-token");
  EXPECT_TRUE(Call().succeeded);
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_EQ(requests_[0].Header("Authorization"), "Bearer first-token");
  EXPECT_EQ(requests_[1].Header("Authorization"), "Bearer second-token");
}

TEST_F(McpClientTest, ATokenRefusedTwiceIsAFailedCall) {
  AnswerWith("", 401);
  AnswerWith("", 401);
  const ToolResult result = Call();
  EXPECT_FALSE(result.succeeded);
  EXPECT_THAT(result.reason, HasSubstr("token"));
}

TEST_F(McpClientTest, ATokenFileThatIsGoneForAMomentMayBeTriedAgain) {
  AnswerWith("", 401);
  client_.emplace(context_.get_executor(), options_);
  std::filesystem::remove(token_file_);
  EXPECT_THROW(Call(), GatewayUnavailable);
}

TEST_F(McpClientTest, ServerTroubleMayBeTriedAgain) {
  for (const unsigned status : {408U, 429U, 500U, 502U, 503U}) {
    script_.push_back({.status = status, .headers = {{"Retry-After", "3"}}});
    try {
      Call();
      FAIL() << status;
    } catch (const GatewayUnavailable& error) {
      EXPECT_EQ(error.retry_after(), std::chrono::seconds(3));
    }
  }
}

TEST_F(McpClientTest, NoAnswerMayBeTriedAgain) {
  options_.call_deadline = milliseconds(100);
  script_.push_back({.manner = ScriptedReply::Manner::kSilence});
  EXPECT_THROW(Call(), GatewayUnavailable);
  server_.Disappear();
  EXPECT_THROW(Call(), GatewayUnavailable);
}

TEST_F(McpClientTest, AStrangeToolNameIsNotSent) {
  for (const char* tool : {"", "a b", "a\r\nX-Team: b", "\xc3\xa4"})
    EXPECT_FALSE(Call(tool).succeeded);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(McpClientTest, NeedsAToken) {
  options_.token_file = "/no/such/token";
  EXPECT_THROW(client_.emplace(context_.get_executor(), options_), ConfigurationError);
}

}  // namespace
}  // namespace platform
