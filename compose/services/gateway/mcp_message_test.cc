#include "compose/services/gateway/mcp_message.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

using nlohmann::json;
using Headers = std::vector<std::pair<std::string, std::string>>;

std::variant<McpMessage, McpError> Read(std::string body, Headers headers = {}) {
  HttpRequest request;
  request.body = std::move(body);
  request.headers = std::move(headers);
  return ReadMcpMessage(request);
}

// The code of the error, or 0 when the message is accepted; the status of every such error is 400.
int CodeOf(std::string body, Headers headers = {}) {
  const auto message = Read(std::move(body), std::move(headers));
  const auto* error = std::get_if<McpError>(&message);
  if (error == nullptr) return 0;
  EXPECT_EQ(error->status, 400U);
  return error->code;
}

json ModernBody(const std::string& method, json params = json::object()) {
  params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                     {"io.modelcontextprotocol/clientCapabilities", json::object()}};
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
}

Headers ModernHeaders(const std::string& method) {
  return {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
}

TEST(McpMessageTest, ReadsALegacyRequest) {
  const auto read = Read(R"({"jsonrpc":"2.0","id":"x","method":"tools/list","params":{"a":1}})");

  const auto& message = std::get<McpMessage>(read);
  EXPECT_EQ(message.kind, McpMessage::Kind::kRequest);
  EXPECT_EQ(message.era, Era::kLegacy);
  EXPECT_EQ(message.id, "x");
  EXPECT_EQ(message.method, "tools/list");
  EXPECT_EQ(message.params, json({{"a", 1}}));
}

TEST(McpMessageTest, ReadsAModernRequest) {
  const auto read = Read(ModernBody("tools/list").dump(), ModernHeaders("tools/list"));

  EXPECT_EQ(std::get<McpMessage>(read).era, Era::kModern);
}

TEST(McpMessageTest, TellsNotificationsAndResponsesFromRequests) {
  const auto notification =
      Read(R"({"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"}})");
  EXPECT_EQ(std::get<McpMessage>(notification).kind, McpMessage::Kind::kNotification);
  const auto response = Read(R"({"jsonrpc":"2.0","id":1,"result":{}})");
  EXPECT_EQ(std::get<McpMessage>(response).kind, McpMessage::Kind::kResponse);
}

TEST(McpMessageTest, RefusesBatchesWhateverTheyHold) {
  const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  std::string many = "[" + call;
  for (int i = 0; i < 2000; ++i) many += "," + call;
  for (const std::string& batch : {std::string("[]"), "[" + call + "]",
                                   "[" + call + "," + call + "]", "[[" + call + "]]", many + "]"}) {
    EXPECT_EQ(CodeOf(batch), kInvalidRequest);
    EXPECT_EQ(CodeOf(batch, {{"MCP-Protocol-Version", "2025-03-26"}}), kInvalidRequest);
    EXPECT_EQ(CodeOf(batch, ModernHeaders("tools/list")), kInvalidRequest);
  }
}

TEST(McpMessageTest, RefusesWhatIsNotOneJsonText) {
  for (const char* body :
       {"", "{", "\xff", R"({"jsonrpc":"2.0","method":"a","method":"b"})", "\xEF\xBB\xBF{}"}) {
    EXPECT_EQ(CodeOf(body), kParseError) << body;
  }
  EXPECT_EQ(CodeOf(std::string(200'000, '[')), kParseError);
}

TEST(McpMessageTest, RefusesWhatIsNotJsonRpc) {
  for (const char* body :
       {R"({})", R"("x")", R"({"jsonrpc":"1.0","id":1,"method":"x"})", R"({"id":1,"method":"x"})",
        R"({"jsonrpc":2.0,"id":1,"method":"x"})", R"({"jsonrpc":"2.0","id":null,"method":"x"})",
        R"({"jsonrpc":"2.0","id":1.5,"method":"x"})", R"({"jsonrpc":"2.0","id":true,"method":"x"})",
        R"({"jsonrpc":"2.0","id":[1],"method":"x"})", R"({"jsonrpc":"2.0","id":{},"method":"x"})",
        R"({"jsonrpc":"2.0","id":1,"method":7})",
        R"({"jsonrpc":"2.0","id":1,"method":"x","params":[]})",
        R"({"jsonrpc":"2.0","id":1,"method":"x","params":null})", R"({"jsonrpc":"2.0","id":1})",
        R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", R"({"jsonrpc":"2.0","result":{}})"}) {
    EXPECT_EQ(CodeOf(body), kInvalidRequest) << body;
  }
  const json huge = {{"jsonrpc", "2.0"}, {"id", std::string(1000, 'x')}, {"method", "x"}};
  EXPECT_EQ(CodeOf(huge.dump()), kInvalidRequest);
}

TEST(McpMessageTest, KeepsIdsExactly) {
  for (const json& id :
       {json(0), json(-1), json(9007199254740993), json(UINT64_MAX), json(""), json("1")}) {
    const auto read = Read(json({{"jsonrpc", "2.0"}, {"id", id}, {"method", "x"}}).dump());
    EXPECT_EQ(std::get<McpMessage>(read).id.dump(), id.dump());
  }
}

TEST(McpMessageTest, HeaderAndBodyMustAgreeOnTheEra) {
  const std::string modern = ModernBody("tools/list").dump();
  const std::string legacy = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  const std::string initialize = R"({"jsonrpc":"2.0","id":1,"method":"initialize"})";

  EXPECT_EQ(CodeOf(modern, {{"Mcp-Method", "tools/list"}}), kHeaderMismatch)
      << "version header missing";
  EXPECT_EQ(CodeOf(modern, {{"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Method", "tools/list"}}),
            kHeaderMismatch);
  EXPECT_EQ(CodeOf(initialize, ModernHeaders("initialize")), kHeaderMismatch);
  EXPECT_EQ(CodeOf(legacy, ModernHeaders("tools/list")), kInvalidParams) << "_meta missing";
  EXPECT_EQ(CodeOf(legacy, {{"MCP-Protocol-Version", "2025-11-25"},
                            {"MCP-Protocol-Version", "2026-07-28"}}),
            kHeaderMismatch);
  EXPECT_EQ(CodeOf(legacy, {{"MCP-Protocol-Version", "2025-11-25"}}), 0);
  EXPECT_EQ(CodeOf(R"({"jsonrpc":"2.0","id":1,"result":{}})", ModernHeaders("x")), kInvalidRequest);
}

TEST(McpMessageTest, UnsupportedVersionsAreToldTheSupportedOnes) {
  json body = ModernBody("tools/list");
  body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "1900-01-01";
  const auto read = Read(body.dump(), {{"MCP-Protocol-Version", "1900-01-01"}});

  const auto& error = std::get<McpError>(read);
  EXPECT_EQ(error.status, 400U);
  EXPECT_EQ(error.code, kUnsupportedVersion);
  EXPECT_EQ(error.data["supported"], json({"2026-07-28", "2025-11-25"}));
  EXPECT_EQ(error.data["requested"], "1900-01-01");
  EXPECT_EQ(
      CodeOf(R"({"jsonrpc":"2.0","id":1,"method":"x"})", {{"MCP-Protocol-Version", "2025-03-26"}}),
      kUnsupportedVersion);
}

TEST(McpMessageTest, ModernRequestsNeedTheirMetadata) {
  json body = ModernBody("tools/list");
  body["params"]["_meta"].erase("io.modelcontextprotocol/clientCapabilities");
  EXPECT_EQ(CodeOf(body.dump(), ModernHeaders("tools/list")), kInvalidParams);
  body["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = "all";
  EXPECT_EQ(CodeOf(body.dump(), ModernHeaders("tools/list")), kInvalidParams);
  body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = 2026;
  EXPECT_EQ(CodeOf(body.dump(), ModernHeaders("tools/list")), kInvalidParams);
}

TEST(McpMessageTest, MirroredHeadersMustMatchTheBody) {
  const std::string body = ModernBody("tools/call", {{"name", "memory_get"}}).dump();
  const auto code = [&](Headers extra) {
    extra.emplace_back("MCP-Protocol-Version", "2026-07-28");
    return CodeOf(body, std::move(extra));
  };

  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}, {"Mcp-Name", "memory_get"}}), 0);
  EXPECT_EQ(code({{"MCP-METHOD", "tools/call"}, {"mcp-name", "=?base64?bWVtb3J5X2dldA==?="}}), 0);
  EXPECT_EQ(code({{"Mcp-Name", "memory_get"}}), kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}}), kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/list"}, {"Mcp-Name", "memory_get"}}), kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "TOOLS/CALL"}, {"Mcp-Name", "memory_get"}}), kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}, {"Mcp-Name", "text_digest"}}), kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}, {"Mcp-Name", "memory_get"}, {"Mcp-Name", "x"}}),
            kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}, {"Mcp-Name", "=?base64?bWVtb3J5X2dldA?="}}),
            kHeaderMismatch);
  EXPECT_EQ(code({{"Mcp-Method", "tools/call"}, {"Mcp-Name", "=?BASE64?bWVtb3J5X2dldA==?="}}),
            kHeaderMismatch);
}

}  // namespace
}  // namespace platform
