#include "compose/services/coordinator/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "compose/services/testing/redis_server.h"

namespace platform {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

int RunWith(std::vector<const char*> args,
            const TaskStoreFactory& make_store = MakeRedisTaskStore) {
  args.insert(args.begin(), "coordinator");
  return RunCoordinator(static_cast<int>(args.size()), args.data(), make_store);
}

TEST(ServiceTest, BadConfigurationIsOneClearLine) {
  const std::pair<std::vector<const char*>, std::string> kCases[] = {
      {{}, "--team is required"},
      {{"--team", "a:b"}, "--team is not"},
      {{"--team", "a", "--worker-lease", "1s"}, "--worker-lease is shorter"},
      {{"--team", "a", "--leader-lease", "1ms"}, "--leader-lease"},
      {{"--team", "a", "--retention", "0s"}, "--retention"},
      {{"--team", "a", "--redis-user", "a"}, "give both or none"},
      {{"--team", "a", "--redis-user", "a", "--redis-password-file", "/nowhere"}, "/nowhere"},
      {{"--team", "a", "--unknown"}, "--unknown"},
  };
  for (const auto& [args, message] : kCases) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(RunWith(args), 2);
    const std::string text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, AllOf(StartsWith("coordinator: "), HasSubstr(message), EndsWith("\n")));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  }
}

TEST(ServiceTest, SigtermEndsItWithSuccess) {
  const testing::RedisServer server;
  const std::string redis = "127.0.0.1:" + std::to_string(server.port());
  const auto signal_at_start = [](RedisClient& commands, RedisClient& blocking,
                                  RedisTaskStore::Options options) {
    std::raise(SIGTERM);
    return MakeRedisTaskStore(commands, blocking, std::move(options));
  };
  EXPECT_EQ(RunWith({"--team", "sales", "--redis", redis.c_str(), "--listen", "127.0.0.1:0"},
                    signal_at_start),
            0);
}

TEST(ServiceTest, HealthCheckFailsWhenNobodyListens) {
  EXPECT_EQ(RunWith({"--healthcheck", "1"}), 1);
}

}  // namespace
}  // namespace platform
