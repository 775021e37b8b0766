// A gateway on a free port with a real Redis behind it, for the tests that meet it as its callers
// do.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>
#include <thread>

#include "compose/services/common/raw_client_for_test.h"
#include "compose/services/gateway/caching_verifier.h"
#include "compose/services/gateway/gateway.h"
#include "compose/services/gateway/jwt_verifier.h"
#include "compose/services/gateway/token_for_test.h"
#include "compose/services/testing/redis_server.h"

namespace platform {

inline const std::vector<std::string>& TeamsForTest() {
  static const std::vector<std::string> teams{"finance", "marketing", "sales"};
  return teams;
}

inline std::vector<std::string> RedisConfigForTest() {
  std::vector<std::string> lines;
  for (const std::string& team : TeamsForTest()) {
    lines.push_back("user " + team + " on >" + team + "-password ~team:" + team +
                    ":* resetchannels +@all -@dangerous -@admin");
  }
  return lines;
}

// One gateway on one thread.
class GatewayUnderTest {
 public:
  GatewayUnderTest(const std::filesystem::path& directory, const SigningKeyForTest& key,
                   const std::string& redis_socket, const TeamLimiter::Options& limits)
      : policy_(directory / "policy.json",
                [this](std::string_view name) { return tools_.Find(name) != nullptr; }),
        verifier_(
            std::make_unique<JwtVerifier>(JwtVerifier::Options{
                .public_key_pem = key.public_pem(), .issuer = "issuer", .audience = "mcp-gateway"}),
            CachingVerifier::Options()),
        stores_(context_, StoreOptions(directory, redis_socket), policy_.teams()) {
    for (const std::string& team : policy_.teams()) limiters_.try_emplace(team, limits);
    HttpServer::Options options;
    options.address = "127.0.0.1";
    server_.emplace(context_, options,
                    [this](const HttpRequest& request) { return gateway_.Handle(request); });
    stores_.Start();
    server_->Start();
    thread_ = std::thread([this] { context_.run(); });
  }

  ~GatewayUnderTest() {
    asio::co_spawn(context_, Stop(), asio::detached);
    thread_.join();
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  static RedisStores::Options StoreOptions(const std::filesystem::path& directory,
                                           const std::string& socket) {
    RedisStores::Options options;
    options.unix_socket = socket;
    options.password_dir = directory;
    options.timeout = std::chrono::milliseconds(500);
    return options;
  }

  asio::awaitable<void> Stop() {
    co_await server_->Stop(std::chrono::seconds(2));
    stores_.Stop();
  }

  asio::io_context context_{1};
  const ToolTable tools_ = AllTools();
  const FilePolicy policy_;
  GatewayMetrics metrics_{policy_.teams()};
  LoggingAudit audit_{metrics_};
  const McpService service_{policy_, tools_, audit_, metrics_};
  const AllowListGuard guard_{{"localhost"}, {"http://localhost"}};
  CachingVerifier verifier_;
  RedisStores stores_;
  std::map<std::string, TeamLimiter, std::less<>> limiters_;
  Gateway gateway_{{guard_, verifier_, stores_, limiters_, service_, audit_, metrics_}};
  std::optional<HttpServer> server_;
  std::thread thread_;
};

class GatewayFixture : public ::testing::Test {
 protected:
  GatewayFixture()
      : directory_(std::filesystem::temp_directory_path() /
                   ("gateway-fixture-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(directory_);
    nlohmann::json policy;
    for (const std::string& team : TeamsForTest()) {
      std::ofstream(directory_ / ("redis-" + team)) << team << "-password\n";
      policy["teams"][team]["tools"] = {"text_digest", "memory_put",    "memory_get",
                                        "memory_list", "memory_delete", "journal_append",
                                        "journal_read"};
    }
    policy["teams"]["finance"]["tools"].push_back("ledger_record");
    policy["teams"]["finance"]["tools"].push_back("ledger_balance");
    policy["teams"]["marketing"]["tools"].push_back("publish_post");
    std::ofstream(directory_ / "policy.json") << policy;
    Start({});
  }
  ~GatewayFixture() override {
    gateway_.reset();
    std::filesystem::remove_all(directory_);
  }

  void Start(const TeamLimiter::Options& limits) {
    gateway_.reset();
    gateway_.emplace(directory_, key_, redis_.unix_socket(), limits);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!Get("/readyz").body.starts_with(R"({"ready":true,"stores":3,"available":3)")) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("the gateway does not become ready");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::string TokenOf(const std::string& team) const {
    return key_.Sign(HeaderForTest(), ClaimsForTest(team));
  }
  static std::string Authorization(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  RawClient Client() { return RawClient(gateway_->port()); }

  RawResponse Get(const std::string& target, const std::string& fields = "") {
    return Client().Exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
                             "\r\n");
  }

  static std::string PostBytes(const std::string& fields, const std::string& body,
                               const std::string& target = "/mcp",
                               const std::string& host = "localhost") {
    return "POST " + target + " HTTP/1.1\r\nHost: " + host +
           "\r\nContent-Type: application/json\r\nAccept: application/json, "
           "text/event-stream\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
  }

  RawResponse Post(const std::string& fields, const std::string& body) {
    return Client().Exchange(PostBytes(fields, body));
  }

  static std::string CallBody(const std::string& tool, const nlohmann::json& arguments,
                              const nlohmann::json& id = 1) {
    return nlohmann::json({{"jsonrpc", "2.0"},
                           {"id", id},
                           {"method", "tools/call"},
                           {"params", {{"name", tool}, {"arguments", arguments}}}})
        .dump();
  }

  RawResponse CallRaw(const std::string& team, const std::string& tool,
                      const nlohmann::json& arguments) {
    return Post(Authorization(TokenOf(team)), CallBody(tool, arguments));
  }

  // The text of a call that is to succeed.
  std::string Call(const std::string& team, const std::string& tool,
                   const nlohmann::json& arguments) {
    const RawResponse response = CallRaw(team, tool, arguments);
    const nlohmann::json answer = nlohmann::json::parse(response.body);
    if (!answer.contains("result") || answer["result"].value("isError", false))
      return "failed: " + response.body;
    return answer["result"]["content"][0]["text"];
  }

  // The text of a call that is to be answered with isError.
  std::string ErrorOf(const RawResponse& response) {
    const nlohmann::json answer = nlohmann::json::parse(response.body);
    if (response.status != 200 || !answer.contains("result") || !answer["result"]["isError"]) {
      return "no error: " + response.body;
    }
    return answer["result"]["content"][0]["text"];
  }

  const std::filesystem::path directory_;
  const SigningKeyForTest key_;
  testing::RedisServer redis_{RedisConfigForTest()};
  std::optional<GatewayUnderTest> gateway_;
};

inline constexpr char kListForTest[] = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
inline constexpr char kDigestOfAbc[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace platform
