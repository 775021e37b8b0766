#include "compose/services/worker/worker_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "compose/services/common/configuration_error.h"
#include "compose/services/worker/worker_main.h"

namespace platform {
namespace {

using ::testing::HasSubstr;

using Arguments = std::vector<const char*>;

const Arguments kComplete = {"worker",
                             "--team",
                             "sales",
                             "--coordinator",
                             "http://sales-coordinator:8080",
                             "--gateway",
                             "http://gateway:8080/mcp",
                             "--token-file",
                             "/run/secrets/token",
                             "--id",
                             "worker-1"};

Arguments With(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::optional<WorkerOptions> Parse(const Arguments& arguments) {
  return ParseWorkerOptions(static_cast<int>(arguments.size()), arguments.data());
}

TEST(HttpUrl, ReadsHostPortAndPath) {
  EXPECT_EQ(ParseHttpUrl("http://gateway:8080/mcp"), (HttpUrl{"gateway", 8080, "/mcp"}));
  EXPECT_EQ(ParseHttpUrl("http://gateway"), (HttpUrl{"gateway", 80, "/"}));
  EXPECT_EQ(ParseHttpUrl("http://[::1]:81"), (HttpUrl{"::1", 81, "/"}));
}

TEST(HttpUrl, RefusesTheRest) {
  for (const char* text :
       {"", "gateway:8080", "https://gateway", "http://", "http://:80", "http://a:x", "http://a:0",
        "http://u@h/", "http://h/a b", "http://h/?q"}) {
    EXPECT_THROW(ParseHttpUrl(text), ConfigurationError) << text;
  }
}

TEST(WorkerOptions, ReadsTheCommandLine) {
  const auto options = Parse(With(kComplete, {"--drain", "1m30s"}));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->team, "sales");
  EXPECT_EQ(options->coordinator.host, "sales-coordinator");
  EXPECT_EQ(options->gateway.path, "/mcp");
  EXPECT_EQ(options->id, "worker-1");
  EXPECT_EQ(options->drain, std::chrono::seconds(90));
}

TEST(WorkerOptions, TakesTheHostNameAsId) {
  const auto options = Parse(Arguments(kComplete.begin(), kComplete.end() - 2));
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->id.empty());
}

TEST(WorkerOptions, RefusesBadOnes) {
  EXPECT_THROW(Parse({"worker"}), ConfigurationError);
  for (const Arguments& more : {Arguments{"--drain", "soon"},
                                {"--unknown"},
                                {"--gateway", "gateway"},
                                {"--id", "a/b"},
                                {"--id", ""}}) {
    Arguments arguments = kComplete;
    if (more[0] == std::string("--id")) arguments.resize(arguments.size() - 2);
    if (more[0] == std::string("--gateway"))
      arguments.erase(arguments.begin() + 5, arguments.begin() + 7);
    EXPECT_THROW(Parse(With(arguments, more)), ConfigurationError) << more[0];
  }
}

TEST(WorkerMain, ABadConfigurationIsOneLineAndExitCodeTwo) {
  const Arguments arguments = With(kComplete, {"--drain", "soon"});
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(WorkerMain(static_cast<int>(arguments.size()), arguments.data()), 2);
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("worker: "));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(WorkerMain, AMissingTokenIsABadConfiguration) {
  const std::string health_file = ::testing::TempDir() + "worker_options_test.health";
  const Arguments arguments = With(kComplete, {"--health-file", health_file.c_str()});
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(WorkerMain(static_cast<int>(arguments.size()), arguments.data()), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("/run/secrets/token"));
  std::filesystem::remove(health_file);
}

TEST(WorkerMain, TheHealthCheckNeedsNoOtherOption) {
  const Arguments arguments = {"worker", "--healthcheck", "--health-file", "/no/such/file"};
  EXPECT_EQ(WorkerMain(static_cast<int>(arguments.size()), arguments.data()), 1);
}

}  // namespace
}  // namespace platform
