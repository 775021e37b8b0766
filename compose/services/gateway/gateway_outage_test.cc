// What callers of the gateway meet while Redis is away or refuses, over HTTP and with a real Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "compose/services/gateway/gateway_fixture_for_test.h"
#include "compose/services/testing/eventually.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::Eventually;
using ::testing::HasSubstr;
using ::testing::Not;

class GatewayOutageTest : public GatewayFixture {
 protected:
  bool Stores() {
    return Call("sales", "memory_put", {{"key", "probe"}, {"value", "v"}}) == "stored";
  }

  // Every tool that changes something is refused in a way that tells its caller to come again.
  void ExpectWritesRefused(const std::string& code) {
    const std::vector<std::pair<std::string, nlohmann::json>> calls{
        {"memory_put", {{"key", "a"}, {"value", "2"}}},
        {"journal_append", {{"entry", "e"}}},
        {"ledger_record", {{"account", "cash"}, {"amount", 1}}}};
    for (const auto& [tool, arguments] : calls) {
      const RawResponse refusal = CallRaw("finance", tool, arguments);
      EXPECT_EQ(refusal.status, 503U) << tool;
      EXPECT_TRUE(refusal.Has("Retry-After: 1")) << tool;
      EXPECT_THAT(refusal.body, HasSubstr("(" + code + "), nothing was done")) << tool;
    }
    EXPECT_EQ(Call("finance", "memory_get", {{"key", "a"}}), "1") << "reads are served";
    EXPECT_EQ(Call("finance", "ledger_balance", {{"account", "cash"}}), "0");
  }
};

TEST_F(GatewayOutageTest, AFullRedisIsToldAsTemporary) {
  Call("finance", "memory_put", {{"key", "a"}, {"value", "1"}});
  redis_.Run({"CONFIG", "SET", "maxmemory", "1"});
  ExpectWritesRefused("OOM");
  EXPECT_EQ(Call("finance", "memory_delete", {{"key", "a"}}), "deleted") << "makes room";
  redis_.Run({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(Stores());
}

TEST_F(GatewayOutageTest, AReadOnlyRedisIsToldAsTemporary) {
  Call("finance", "memory_put", {{"key", "a"}, {"value", "1"}});
  redis_.Run({"REPLICAOF", "127.0.0.1", "1"});
  ExpectWritesRefused("READONLY");
  redis_.Run({"REPLICAOF", "NO", "ONE"});
  EXPECT_TRUE(Stores());
}

TEST_F(GatewayOutageTest, TakesUpARotatedPasswordWithoutShowingIt) {
  ::testing::internal::CaptureStdout();
  std::ofstream(directory_ / "redis-sales") << "second-password\n";
  redis_.Run({"ACL", "SETUSER", "sales", "resetpass", ">second-password"});
  redis_.Run({"CLIENT", "KILL", "USER", "sales"});

  EXPECT_TRUE(Eventually([this] { return Stores(); }, milliseconds(2'000)));
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(log, HasSubstr("redis_lost")) << "the connection was not cut at all";
  EXPECT_THAT(log, Not(HasSubstr("-password")));
}

TEST_F(GatewayOutageTest, ComesBackWhenAUserIsSwitchedOnAgain) {
  redis_.Run({"ACL", "SETUSER", "sales", "off"});
  redis_.Run({"CLIENT", "KILL", "USER", "sales"});
  const auto status = [this] { return CallRaw("sales", "memory_get", {{"key", "probe"}}).status; };
  ASSERT_TRUE(Eventually([&] { return status() == 503U; }));
  EXPECT_EQ(Call("finance", "ledger_balance", {{"account", "cash"}}), "0") << "the others go on";
  std::this_thread::sleep_for(milliseconds(1'000));  // The waits between attempts grow meanwhile.
  redis_.Run({"ACL", "SETUSER", "sales", "on"});
  EXPECT_TRUE(Eventually([this] { return Stores(); }, milliseconds(2'000)));
}

TEST_F(GatewayOutageTest, AFrozenRedisIsAPromptErrorAndIsOvercome) {
  redis_.Pause();
  const auto started = steady_clock::now();

  const RawResponse error = CallRaw("sales", "memory_put", {{"key", "a"}, {"value", "1"}});

  EXPECT_EQ(error.status, 504U) << "503 would mean that nothing was done";
  EXPECT_TRUE(error.Has("Retry-After: 1"));
  EXPECT_THAT(error.body, HasSubstr("not known"));
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds(3));
  EXPECT_EQ(Call("sales", "text_digest", {{"text", "abc"}}), kDigestOfAbc)
      << "what needs no storage goes on";
  redis_.Resume();
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  std::string answer;
  while (answer != "stored" && steady_clock::now() < deadline) {
    answer = Call("sales", "memory_put", {{"key", "a"}, {"value", "1"}});
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(answer, "stored");
}

TEST_F(GatewayOutageTest, WithoutRedisItIsAliveButNotReady) {
  EXPECT_EQ(Get("/readyz").status, 200U);
  redis_.Kill();
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (Get("/readyz").status != 503 && steady_clock::now() < deadline)
    std::this_thread::sleep_for(milliseconds(20));

  EXPECT_EQ(Get("/readyz").status, 503U);
  EXPECT_EQ(Get("/healthz").status, 200U);
  const RawResponse refusal = CallRaw("sales", "memory_get", {{"key", "a"}});
  EXPECT_EQ(refusal.status, 503) << "a client may repeat what was not done";
  EXPECT_TRUE(refusal.Has("Retry-After: 1"));
  EXPECT_THAT(refusal.body, HasSubstr("nothing was done"));
}

}  // namespace
}  // namespace platform
