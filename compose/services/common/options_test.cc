#include "compose/services/common/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <stdexcept>

#include "compose/services/common/configuration_error.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST(OptionsTest, ReadsDurations) {
  EXPECT_EQ(ParseDuration("300ms"), milliseconds(300));
  EXPECT_EQ(ParseDuration("10s"), milliseconds(10'000));
  EXPECT_EQ(ParseDuration("1m30s"), milliseconds(90'000));
  EXPECT_EQ(ParseDuration("720h"), milliseconds(720LL * 3'600'000));
  EXPECT_EQ(ParseDuration("1s500ms"), milliseconds(1'500));
  EXPECT_EQ(ParseDuration("0s"), milliseconds(0));
}

TEST(OptionsTest, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "5", "s", "-1s", "1.5s", "10 s", "1s1m", "1s1s", "1d",
                           "99999999999999999999s", "9223372036854775807h", "1sx"}) {
    EXPECT_THROW(ParseDuration(text), ConfigurationError) << text;
  }
}

TEST(OptionsTest, FormatsDurationsAsItReadsThem) {
  for (const char* text : {"300ms", "10s", "1m30s", "720h", "1s500ms", "0s"}) {
    EXPECT_EQ(FormatDuration(ParseDuration(text)), text);
  }
}

TEST(OptionsTest, ReadsHostAndPort) {
  EXPECT_EQ(ParseHostPort("redis:6379"), (HostPort{"redis", 6379}));
  EXPECT_EQ(ParseHostPort("[::1]:80"), (HostPort{"::1", 80}));
  EXPECT_EQ(ParseHostPort("127.0.0.1:0"), (HostPort{"127.0.0.1", 0}));
  for (const char* text :
       {"", "redis", "redis:", ":80", "redis:65536", "redis:-1", "redis:80x", "::1:80"}) {
    EXPECT_THROW(ParseHostPort(text), ConfigurationError) << text;
  }
}

TEST(OptionsTest, OptionsKeepTheirDefaultsUnlessGiven) {
  CLI::App app;
  milliseconds lease = milliseconds(10'000);
  HostPort redis{"redis", 6379};
  HostPort listen{"0.0.0.0", 8080};
  AddDuration(app, "--lease", lease, "lease");
  AddHostPort(app, "--redis", redis, "redis");
  AddHostPort(app, "--listen", listen, "listen");
  const char* argv[] = {"service", "--lease", "3s", "--listen=127.0.0.1:0"};

  EXPECT_FALSE(ParseCommandLine(app, 4, argv).has_value());

  EXPECT_EQ(lease, milliseconds(3'000));
  EXPECT_EQ(redis.port, 6379);
  EXPECT_EQ(listen, (HostPort{"127.0.0.1", 0}));
}

TEST(OptionsTest, ABadCommandLineIsAConfigurationError) {
  CLI::App app;
  milliseconds lease{0};
  AddDuration(app, "--lease", lease, "lease");
  const char* unknown[] = {"service", "--leese", "3s"};
  const char* malformed[] = {"service", "--lease", "soon"};

  EXPECT_THROW(ParseCommandLine(app, 3, unknown), ConfigurationError);
  EXPECT_THROW(ParseCommandLine(app, 3, malformed), ConfigurationError);
}

TEST(OptionsTest, ErrorsBecomeOneLineAndAnExitCode) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(
      RunService("gateway", []() -> int { throw ConfigurationError("no key\nfile; make one"); }),
      2);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "gateway: no key file; make one\n");

  ::testing::internal::CaptureStderr();
  EXPECT_EQ(RunService("gateway", []() -> int { throw std::runtime_error("address in use"); }), 1);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "gateway: address in use\n");

  EXPECT_EQ(RunService("gateway", [] { return 0; }), 0);
}

}  // namespace
}  // namespace platform
