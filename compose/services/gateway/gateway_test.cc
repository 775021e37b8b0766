// What the gateway does for its callers, over HTTP and with a real Redis behind it.
#include "compose/services/gateway/gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/services/gateway/gateway_fixture_for_test.h"

namespace platform {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using GatewayTest = GatewayFixture;

TEST_F(GatewayTest, DigestsAText) {
  EXPECT_EQ(Call("sales", "text_digest", {{"text", "abc"}}), kDigestOfAbc);
}

TEST_F(GatewayTest, RemembersValuesOfTheTeam) {
  EXPECT_EQ(Call("sales", "memory_put", {{"key", "a"}, {"value", "1"}}), "stored");
  EXPECT_EQ(Call("sales", "memory_put", {{"key", "b*"}, {"value", std::string(60'000, 'x')}}),
            "stored");
  EXPECT_EQ(Call("sales", "memory_get", {{"key", "a"}}), "1");
  EXPECT_EQ(Call("sales", "memory_list", json::object()), R"({"keys":["a","b*"]})");
  EXPECT_EQ(Call("sales", "memory_list", {{"prefix", "b"}}), R"({"keys":["b*"]})");
  EXPECT_EQ(Call("sales", "memory_delete", {{"key", "a"}}), "deleted");
  EXPECT_EQ(ErrorOf(CallRaw("sales", "memory_get", {{"key", "a"}})), "there is no such key");
  EXPECT_EQ(ErrorOf(CallRaw("finance", "memory_get", {{"key", "b*"}})), "there is no such key");
}

TEST_F(GatewayTest, ListsTheMemoryInPages) {
  std::vector<std::string> command{"HSET", "team:sales:memory"};
  for (int i = 0; i < 1200; ++i) command.insert(command.end(), {"key" + std::to_string(i), "v"});
  redis_.Run(command);

  std::size_t keys = 0;
  int pages = 0;
  json page = {{"next", ""}};
  while (page.contains("next") && pages < 10) {
    page = json::parse(Call("sales", "memory_list", {{"cursor", page["next"]}}));
    keys += page["keys"].size();
    ++pages;
  }

  EXPECT_EQ(keys, 1200U);
  EXPECT_EQ(pages, 3);
}

TEST_F(GatewayTest, TheMemoryOfATeamIsBounded) {
  std::vector<std::string> command{"HSET", "team:sales:memory"};
  for (int i = 0; i < 10'000; ++i) command.insert(command.end(), {"key" + std::to_string(i), "v"});
  redis_.Run(command);

  EXPECT_THAT(ErrorOf(CallRaw("sales", "memory_put", {{"key", "new"}, {"value", "v"}})),
              HasSubstr("full"));
  EXPECT_EQ(Call("sales", "memory_put", {{"key", "key7"}, {"value", "w"}}), "stored");
}

TEST_F(GatewayTest, KeepsAJournal) {
  const std::string first = Call("sales", "journal_append", {{"entry", "one"}});
  const std::string second = Call("sales", "journal_append", {{"entry", "two\nlines"}});

  const json all = json::parse(Call("sales", "journal_read", json::object()));
  ASSERT_EQ(all["entries"].size(), 2U);
  EXPECT_EQ(all["entries"][0]["id"], first);
  EXPECT_EQ(all["entries"][1]["entry"], "two\nlines");
  EXPECT_EQ(all["entries"][0]["at_ms"], std::stoll(first));
  EXPECT_EQ(all["next"], second);
  const json rest = json::parse(Call("sales", "journal_read", {{"after", first}, {"limit", 1}}));
  EXPECT_EQ(rest["entries"][0]["id"], second);
  const json none = json::parse(Call("sales", "journal_read", {{"after", second}}));
  EXPECT_EQ(none, json({{"entries", json::array()}, {"next", second}}));
}

TEST_F(GatewayTest, KeepsBalancesAndQueuesPosts) {
  EXPECT_EQ(Call("finance", "ledger_balance", {{"account", "cash"}}), "0");
  EXPECT_EQ(Call("finance", "ledger_record", {{"account", "cash"}, {"amount", 150}}), "150");
  EXPECT_EQ(Call("finance", "ledger_record", {{"account", "cash"}, {"amount", -200}}), "-50");
  EXPECT_EQ(Call("finance", "ledger_balance", {{"account", "cash"}}), "-50");
  EXPECT_THAT(Call("marketing", "publish_post", {{"text", "news"}}), HasSubstr("-"));
  EXPECT_EQ(redis_.Run({"XLEN", "team:marketing:posts"}), "1");
}

TEST_F(GatewayTest, WrongArgumentsAreToolErrors) {
  EXPECT_EQ(ErrorOf(CallRaw("sales", "text_digest", {{"text", 7}})),
            "argument 'text' must be a string of at least 0 and at most 500000 characters");
  EXPECT_EQ(ErrorOf(CallRaw("sales", "memory_get", json::object())), "argument 'key' is missing");
  for (const char* after : {"-", "+", "(1-1", "1", "x-1", "1-1 ", "$"}) {
    EXPECT_THAT(ErrorOf(CallRaw("sales", "journal_read", {{"after", std::string(after) + ""}})),
                HasSubstr("'after'"))
        << after;
  }
}

TEST_F(GatewayTest, ServesTheLegacyHandshake) {
  const std::string sales = Authorization(TokenOf("sales"));
  const RawResponse initialized = Post(sales,
                                       R"({"jsonrpc":"2.0","id":0,"method":"initialize",
               "params":{"protocolVersion":"2025-06-18"}})");
  const json result = json::parse(initialized.body)["result"];

  EXPECT_EQ(result["protocolVersion"], "2025-11-25");
  EXPECT_TRUE(result["capabilities"].contains("tools"));
  EXPECT_TRUE(result["serverInfo"].contains("name"));
  EXPECT_FALSE(initialized.Has("Mcp-Session-Id"));
  const RawResponse accepted =
      Post(sales, R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  EXPECT_EQ(accepted.status, 202U);
  EXPECT_EQ(accepted.body, "");
  EXPECT_EQ(json::parse(Post(sales, R"({"jsonrpc":"2.0","id":"p","method":"ping"})").body),
            json({{"jsonrpc", "2.0"}, {"id", "p"}, {"result", json::object()}}));
  const RawResponse unknown = Post(sales, R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})");
  EXPECT_EQ(unknown.status, 200U);
  EXPECT_EQ(json::parse(unknown.body)["error"]["code"], -32601);
}

TEST_F(GatewayTest, ServesModernRequestsWithoutState) {
  const auto ask = [&](const std::string& method, json params, const std::string& fields = "") {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities", json::object()}};
    const json body = {{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params}};
    return Post(Authorization(TokenOf("sales")) +
                    "MCP-Protocol-Version: 2026-07-28\r\nMcp-Session-Id: x\r\nMcp-Method: " +
                    method + "\r\n" + fields,
                body.dump());
  };

  const json discovered = json::parse(ask("server/discover", json::object()).body)["result"];
  EXPECT_THAT(discovered["supportedVersions"], ElementsAre("2026-07-28", "2025-11-25"));
  EXPECT_EQ(discovered["resultType"], "complete");
  const json listed = json::parse(ask("tools/list", json::object()).body)["result"];
  EXPECT_EQ(listed["cacheScope"], "private");
  EXPECT_GE(listed["ttlMs"], 0);
  EXPECT_EQ(listed["tools"].size(), 7U);
  const RawResponse called =
      ask("tools/call", {{"name", "text_digest"}, {"arguments", {{"text", "abc"}}}},
          "Mcp-Name: text_digest\r\n");
  EXPECT_EQ(json::parse(called.body)["result"]["content"][0]["text"], kDigestOfAbc);
  EXPECT_EQ(json::parse(called.body)["result"]["resultType"], "complete");
  EXPECT_FALSE(called.Has("Mcp-Session-Id"));
  for (const char* gone :
       {"initialize", "ping", "logging/setLevel", "resources/list", "nonsense"}) {
    const RawResponse response = ask(gone, json::object());
    EXPECT_EQ(response.status, 404U) << gone;
    EXPECT_EQ(json::parse(response.body)["error"]["code"], -32601) << gone;
    EXPECT_EQ(json::parse(response.body)["id"], 7) << gone;
  }
}

TEST_F(GatewayTest, ListsOnlyWhatTheTeamMayUse) {
  const auto names = [&](const std::string& team) {
    std::vector<std::string> listed;
    const json answer = json::parse(Post(Authorization(TokenOf(team)), kListForTest).body);
    for (const json& tool : answer["result"]["tools"]) listed.push_back(tool["name"]);
    return listed;
  };

  EXPECT_THAT(names("sales"),
              ElementsAre("journal_append", "journal_read", "memory_delete", "memory_get",
                          "memory_list", "memory_put", "text_digest"));
  EXPECT_THAT(names("finance"), ::testing::Contains("ledger_record"));
  EXPECT_THAT(names("marketing"), Not(::testing::Contains("ledger_record")));
  const RawResponse paged =
      Post(Authorization(TokenOf("sales")),
           R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}})");
  EXPECT_EQ(json::parse(paged.body)["error"]["code"], -32602);
}

}  // namespace
}  // namespace platform
