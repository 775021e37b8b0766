#include "support/mcp/mcp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/mcp/scripted_server.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

HttpResult Result(const HttpRequest& request, const json& result) {
  const json id = json::parse(request.body)["id"];
  return {200,
          {{"content-type", "application/json"}},
          json{{"jsonrpc", "2.0"}, {"id", id}, {"result", result}}.dump()};
}

json Text(const std::string& text) {
  return {{"content", json::array({{{"type", "text"}, {"text", text}}})}};
}

class McpClientTest : public testing::Test {
 protected:
  McpClientTest() { WriteFileAtomically(token_file_, "secret-token\n", 0600); }

  McpClient Client(const ScriptedServer& server) {
    return McpClient({.url = server.url() + "/mcp", .token_file = token_file_.string()});
  }

  TemporaryFolder folder_{"mcp-client-test"};
  std::filesystem::path token_file_ = folder_.path() / "token";
};

TEST_F(McpClientTest, CallsAToolTheStatelessWay) {
  HttpRequest seen;
  ScriptedServer server([&](const HttpRequest& request) {
    seen = request;
    return Result(request, Text("entry-1"));
  });

  const ToolResult result = Client(server).CallTool("journal_append", {{"entry", "hello"}});

  EXPECT_EQ(result.text, "entry-1");
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(seen.url, "/mcp");
  EXPECT_THAT(seen.headers, Contains(Pair("authorization", "Bearer secret-token")));
  EXPECT_THAT(seen.headers, Contains(Pair("mcp-protocol-version", "2026-07-28")));
  EXPECT_THAT(seen.headers, Contains(Pair("mcp-method", "tools/call")));
  EXPECT_THAT(seen.headers, Contains(Pair("mcp-name", "journal_append")));
  const json params = json::parse(seen.body)["params"];
  EXPECT_EQ(params["arguments"]["entry"], "hello");
  EXPECT_EQ(params["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
}

TEST_F(McpClientTest, ReadsTheResponseOutOfAnEventStream) {
  ScriptedServer server([&](const HttpRequest& request) {
    const std::string response = Result(request, Text("streamed")).body;
    return HttpResult{200,
                      {{"content-type", "text/event-stream"}},
                      "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"
                      "event: message\ndata: " +
                          response + "\n\n"};
  });

  EXPECT_EQ(Client(server).CallTool("text_digest", {{"text", "x"}}).text, "streamed");
}

TEST_F(McpClientTest, ToolErrorIsAResultAndARefusalIsNot) {
  ScriptedServer server([&](const HttpRequest& request) {
    json failed = Text("no such key");
    failed["isError"] = true;
    if (request.body.find("memory_get") != std::string::npos) return Result(request, failed);
    return HttpResult{
        200,
        {{"content-type", "application/json"}},
        R"({"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"Unknown tool"}})"};
  });
  McpClient client = Client(server);

  EXPECT_TRUE(client.CallTool("memory_get", {{"key", "x"}}).is_error);
  try {
    client.CallTool("ledger_record", {});
    FAIL() << "the refusal went unnoticed";
  } catch (const McpRefused& refused) {
    EXPECT_EQ(refused.code(), -32602);
    EXPECT_THAT(refused.what(), HasSubstr("ledger_record"));
    EXPECT_THAT(refused.what(), Not(HasSubstr("secret-token")));
  }
}

TEST_F(McpClientTest, StatusWithoutBodyIsARefusal) {
  ScriptedServer server([](const HttpRequest&) { return HttpResult{401, {}, ""}; });

  try {
    Client(server).ListTools();
    FAIL() << "the refusal went unnoticed";
  } catch (const McpRefused& refused) {
    EXPECT_EQ(refused.status(), 401);
  }
}

TEST_F(McpClientTest, ListsToolsOverAllPages) {
  ScriptedServer server([&](const HttpRequest& request) {
    const json params = json::parse(request.body)["params"];
    if (params.contains("cursor")) {
      return Result(request, {{"tools", json::array({{{"name", "memory_put"}}})}});
    }
    return Result(request,
                  {{"tools", json::array({{{"name", "text_digest"}}})}, {"nextCursor", "more"}});
  });

  EXPECT_THAT(Client(server).ListTools(), ElementsAre("text_digest", "memory_put"));
}

TEST_F(McpClientTest, RawSendsABentRequestAsItStands) {
  HttpRequest seen;
  ScriptedServer server([&](const HttpRequest& request) {
    seen = request;
    return HttpResult{406, {}, ""};
  });
  McpClient client = Client(server);
  HttpRequest bent = client.ToolRequest("text_digest", {{"text", "x"}});
  bent.headers = {{"Accept", "text/plain"}};

  EXPECT_EQ(client.Raw(bent).status, 406);
  EXPECT_THAT(seen.headers, Contains(Pair("accept", "text/plain")));
  EXPECT_THAT(seen.headers, Not(Contains(Pair("authorization", testing::_))));
}

TEST_F(McpClientTest, MissingTokenFileIsNamed) {
  EXPECT_THROW(McpClient({.url = "http://127.0.0.1:1/mcp", .token_file = "/nowhere/token"}),
               EnvironmentError);
}

}  // namespace
}  // namespace proving_ground
