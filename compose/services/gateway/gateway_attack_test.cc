// What the gateway refuses, survives and keeps apart, over HTTP and with a real Redis behind it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "compose/services/gateway/gateway.h"
#include "compose/services/gateway/gateway_fixture_for_test.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::Not;

using GatewayAttackTest = GatewayFixture;

TEST_F(GatewayAttackTest, AForbiddenToolLooksExactlyLikeNone) {
  const json arguments = {{"account", "cash"}, {"amount", 1}};
  const RawResponse forbidden = CallRaw("sales", "ledger_record", arguments);
  const RawResponse unknown = CallRaw("sales", "ledger_rexord", arguments);

  EXPECT_EQ(forbidden.status, 200U);
  EXPECT_EQ(json::parse(forbidden.body)["error"]["code"], -32602);
  EXPECT_EQ(forbidden.header, unknown.header);
  EXPECT_EQ(forbidden.body, unknown.body);
  EXPECT_EQ(redis_.Run({"KEYS", "*"}), "") << "nothing ran";
  EXPECT_EQ(Call("finance", "ledger_record", arguments), "1") << "control";
  EXPECT_THAT(Get("/metrics").body, Not(HasSubstr("ledger")));
  EXPECT_THAT(Get("/metrics").body,
              HasSubstr(R"(gateway_denied_total{reason="tool",team="sales"} 2)"));
}

TEST_F(GatewayAttackTest, SimilarNamesAreOtherNames) {
  for (const char* name : {"Ledger_record", "ledger_record ", " ledger_record", "ledger_record.",
                           "finance.ledger_record", "finance/ledger_record", "text_digest\n", "",
                           "ledger_recor\xd0\xb4"}) {
    const json answer =
        json::parse(CallRaw("finance", name, {{"account", "a"}, {"amount", 1}}).body);
    EXPECT_EQ(answer["error"]["code"], -32602) << name;
  }
  EXPECT_EQ(redis_.Run({"KEYS", "*"}), "");
}

TEST_F(GatewayAttackTest, NothingRunsInABatchOrANotification) {
  const std::string sales = Authorization(TokenOf("sales"));
  const std::string call = CallBody("memory_put", {{"key", "a"}, {"value", "1"}});
  const std::string notification =
      R"({"jsonrpc":"2.0","method":"tools/call",
           "params":{"name":"memory_put","arguments":{"key":"a","value":"1"}}})";

  for (const std::string& batch :
       {"[" + call + "," + call + "]", "[" + call + "]", std::string("[]")}) {
    const RawResponse refused = Post(sales, batch);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_EQ(json::parse(refused.body)["error"]["code"], -32600);
  }
  EXPECT_EQ(Post(sales, notification).status, 202U);
  EXPECT_EQ(redis_.Run({"KEYS", "*"}), "");
  EXPECT_EQ(Post(sales, call).status, 200U) << "control";
  EXPECT_EQ(redis_.Run({"KEYS", "*"}), "team:sales:memory");
}

TEST_F(GatewayAttackTest, WithoutAGoodTokenEverythingIsUnauthorized) {
  const std::string token = TokenOf("sales");
  const std::string bad[] = {
      "",
      "Authorization: \r\n",
      "Authorization: Bearer \r\n",
      "Authorization: Basic c2FsZXM6eA==\r\n",
      "Authorization: " + token + "\r\n",
      "Authorization: Bearer " + token + "x\r\n",
      "Authorization: Bearer " + token + " x\r\n",
      "Authorization: Bearer " + token.substr(0, token.rfind('.') + 1) + "\r\n",
      Authorization(token) + Authorization(token),
      "X-Authorization: Bearer " + token + "\r\n",
      "X-Team: sales\r\nCookie: token=" + token + "\r\n",
      Authorization(SigningKeyForTest().Sign(HeaderForTest(), ClaimsForTest("sales"))),
      Authorization(TokenOf("nobody")),
  };
  std::string text;
  for (const std::string& fields : bad) {
    const RawResponse response = Post(fields, kListForTest);
    EXPECT_EQ(response.status, 401U) << fields;
    EXPECT_TRUE(response.Has("WWW-Authenticate: Bearer")) << fields;
    EXPECT_EQ(response.Has("invalid_token"), fields.starts_with("Authorization")) << fields;
    EXPECT_FALSE(response.Has("resource_metadata")) << fields;
    if (text.empty()) text = response.body;
    EXPECT_EQ(response.body, text) << "all refusals read the same";
  }
  EXPECT_EQ(Client().Exchange(PostBytes("", kListForTest, "/mcp?access_token=" + token)).status,
            401U);
  for (const char* target : {"/", "/mcp", "/other", "//mcp"})
    EXPECT_EQ(Get(target).status, 401U) << target;
}

TEST_F(GatewayAttackTest, EveryRequestOfAConnectionIsJudgedAlone) {
  RawClient client = Client();

  EXPECT_THAT(client.Exchange(PostBytes(Authorization(TokenOf("finance")), kListForTest)).body,
              HasSubstr("ledger_record"));
  EXPECT_THAT(client.Exchange(PostBytes(Authorization(TokenOf("sales")), kListForTest)).body,
              Not(HasSubstr("ledger_record")));
  EXPECT_EQ(client.Exchange(PostBytes("", kListForTest)).status, 401U);
}

TEST_F(GatewayAttackTest, TheTeamComesFromTheTokenAlone) {
  const std::string body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/list",
           "params":{"team":"finance","clientInfo":{"name":"finance"}}})";

  const RawResponse response = Client().Exchange(
      PostBytes(Authorization(TokenOf("sales")) + "X-Team: finance\r\nTeam: finance\r\n", body,
                "/mcp?team=finance"));

  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.body, Not(HasSubstr("ledger_record")));
}

TEST_F(GatewayAttackTest, ForeignHostsAndOriginsAreForbidden) {
  const std::string sales = Authorization(TokenOf("sales"));
  EXPECT_EQ(Client().Exchange(PostBytes(sales, kListForTest, "/mcp", "evil.com")).status, 403U);
  EXPECT_EQ(Client().Exchange(PostBytes(sales, kListForTest, "/mcp", "localhost.evil.com")).status,
            403U);
  for (const char* origin : {"null", "http://evil.com", "https://localhost"}) {
    EXPECT_EQ(Post(sales + "Origin: " + origin + "\r\n", kListForTest).status, 403U) << origin;
  }
  const RawResponse preflight = Client().Exchange(
      "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: "
      "http://evil.com\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(preflight.status, 403U);
  EXPECT_FALSE(preflight.Has("Access-Control"));
  EXPECT_EQ(Post(sales + "Origin: http://localhost:3000\r\n", kListForTest).status, 200U)
      << "control";
}

TEST_F(GatewayAttackTest, OtherPathsAndMethodsDoNotLeadAroundTheChecks) {
  const std::string sales = Authorization(TokenOf("sales"));
  for (const char* target : {"/", "//mcp", "/mcp/", "/MCP", "/mcp/..;/", "/%6dcp", "/x/../mcp",
                             "http://localhost/mcp"}) {
    EXPECT_EQ(Client().Exchange(PostBytes(sales, kListForTest, target)).status, 404U) << target;
  }
  for (const char* method : {"GET", "DELETE", "PUT", "TRACE", "PATCH"}) {
    const RawResponse response = Client().Exchange(
        std::string(method) + " /mcp HTTP/1.1\r\nHost: localhost\r\n" + sales + "\r\n");
    EXPECT_EQ(response.status, 405U) << method;
    EXPECT_TRUE(response.Has("Allow: POST")) << method;
  }
}

TEST_F(GatewayAttackTest, MediaTypesAreChecked) {
  const std::string start =
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + Authorization(TokenOf("sales"));
  const std::string end = "Content-Length: 2\r\n\r\n{}";

  EXPECT_EQ(Client().Exchange(start + "Accept: */*\r\nContent-Type: text/plain\r\n" + end).status,
            415U);
  EXPECT_EQ(
      Client()
          .Exchange(start +
                    "Accept: */*\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n" +
                    end)
          .status,
      415U);
  EXPECT_EQ(
      Client()
          .Exchange(start + "Accept: application/json\r\nContent-Type: application/json\r\n" + end)
          .status,
      406U);
  EXPECT_EQ(Client().Exchange(start + "Content-Type: application/json\r\n" + end).status, 406U);
}

TEST_F(GatewayAttackTest, HostileBodiesAreRefusedAndTheGatewayLives) {
  const std::string sales = Authorization(TokenOf("sales"));
  EXPECT_EQ(Post(sales, std::string(200'000, '[') + std::string(200'000, ']')).status, 400U);
  EXPECT_EQ(Post(sales, "{\"a\":\"\xff\xfe\"}").status, 400U);
  EXPECT_EQ(Post(sales, R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"})").status,
            400U);
  EXPECT_EQ(Post(sales, std::string(2'000'000, ' ')).status, 413U);
  EXPECT_EQ(Post(sales, R"({"jsonrpc":"2.0","id":1e400,"method":"ping"})").status, 400U);
  EXPECT_EQ(Call("sales", "text_digest", {{"text", "abc"}}), kDigestOfAbc) << "control";
}

TEST_F(GatewayAttackTest, NoArgumentLeavesTheTeamsKeys) {
  for (const char* name : {"../finance", "team:finance:memory", "*", "{finance}:x",
                           "a\r\nDEL team:finance:memory", "%2e%2e%2f"}) {
    EXPECT_EQ(Call("sales", "memory_put", {{"key", name}, {"value", "v"}}), "stored") << name;
  }
  EXPECT_EQ(Call("finance", "ledger_record", {{"account", "../../sales:memory"}, {"amount", 1}}),
            "1");
  EXPECT_EQ(Call("sales", "journal_append", {{"entry", "* MAXLEN 0"}}).find("failed"),
            std::string::npos);

  const std::string keys = redis_.Run({"KEYS", "*"});
  EXPECT_EQ(std::count(keys.begin(), keys.end(), '\n') + 1, 3) << keys;
  for (const char* key : {"team:sales:memory", "team:sales:journal", "team:finance:ledger"}) {
    EXPECT_THAT(keys, HasSubstr(key));
  }
  EXPECT_EQ(redis_.Run({"HLEN", "team:sales:memory"}), "6");
}

TEST_F(GatewayAttackTest, RedisIsSpokenToAsTheCallersTeam) {
  Call("sales", "memory_put", {{"key", "a"}, {"value", "1"}});
  redis_.Run({"ACL", "SETUSER", "sales", "resetkeys"});

  EXPECT_EQ(ErrorOf(CallRaw("sales", "memory_get", {{"key", "a"}})), "storage refused this");
  EXPECT_EQ(Call("finance", "memory_put", {{"key", "a"}, {"value", "1"}}), "stored") << "control";
}

TEST_F(GatewayAttackTest, TheFloodOfOneTeamIsRefusedAndHurtsNoOther) {
  Start({.rate = 50, .burst = 20, .max_concurrent = 10});
  const std::string flood =
      PostBytes(Authorization(TokenOf("sales")), CallBody("text_digest", {{"text", "x"}}));
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::thread flooder([&] {
    RawClient client = Client();
    while (!stop) {
      const RawResponse response = client.Exchange(flood);
      if (response.status == 429 && response.Has("Retry-After: ")) ++refused;
    }
  });
  while (refused < 100) std::this_thread::yield();

  int served = 0;
  steady_clock::duration longest{0};
  RawClient client = Client();
  const std::string polite =
      PostBytes(Authorization(TokenOf("finance")), CallBody("text_digest", {{"text", "abc"}}));
  for (int i = 0; i < 15; ++i) {
    const auto started = steady_clock::now();
    served += client.Exchange(polite).status == 200 ? 1 : 0;
    longest = std::max(longest, steady_clock::now() - started);
  }
  stop = true;
  flooder.join();

  EXPECT_EQ(served, 15);
  EXPECT_LT(longest, std::chrono::seconds(1));
}

TEST_F(GatewayAttackTest, ConcurrentCallersGetTheirOwnAnswers) {
  Call("sales", "memory_put", {{"key", "who"}, {"value", "sales"}});
  Call("finance", "memory_put", {{"key", "who"}, {"value", "finance"}});
  std::atomic<int> crossed = 0;
  const auto ask = [&](const std::string& team) {
    RawClient client = Client();
    const std::string request =
        PostBytes(Authorization(TokenOf(team)), CallBody("memory_get", {{"key", "who"}}, 1));
    for (int i = 0; i < 500; ++i) {
      if (json::parse(client.Exchange(request).body)["result"]["content"][0]["text"] != team)
        ++crossed;
    }
  };

  std::thread sales(ask, "sales");
  std::thread finance(ask, "finance");
  sales.join();
  finance.join();

  EXPECT_EQ(crossed, 0);
}

}  // namespace
}  // namespace platform
