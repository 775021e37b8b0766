#include "compose/services/gateway/request_guard.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

HttpRequest With(Headers headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  return request;
}

class AllowListGuardTest : public ::testing::Test {
 protected:
  bool AdmitsHost(const std::string& host) { return guard_.Admits(With({{"Host", host}})); }
  bool AdmitsOrigin(const std::string& origin) {
    return guard_.Admits(With({{"Host", "localhost"}, {"Origin", origin}}));
  }

  const AllowListGuard guard_{{"gateway", "localhost", "127.0.0.1", "[::1]", "fixed:8080"},
                              {"http://localhost"}};
};

TEST_F(AllowListGuardTest, AdmitsItsOwnNamesOnAnyPort) {
  for (const char* host :
       {"gateway", "gateway:8080", "localhost:1", "127.0.0.1:65535", "[::1]:8080", "fixed:8080"}) {
    EXPECT_TRUE(AdmitsHost(host)) << host;
  }
  EXPECT_TRUE(AdmitsOrigin("http://localhost"));
  EXPECT_TRUE(AdmitsOrigin("http://localhost:3000"));
}

TEST_F(AllowListGuardTest, RefusesEveryOtherHost) {
  for (const char* host : {"",
                           "evil.com",
                           "localhost.evil.com",
                           "127.0.0.1.evil.com",
                           "evil@localhost",
                           "localhost@evil.com",
                           "localhost.",
                           "LOCALHOST",
                           "localhost:",
                           "localhost:x",
                           "localhost:80:80",
                           "localhost:123456",
                           "localhost/",
                           "xlocalhost",
                           "[::1",
                           "::1",
                           "[::1].evil.com",
                           "fixed",
                           "fixed:8081",
                           "127.0.0.2",
                           "127.1",
                           "0x7f000001"}) {
    EXPECT_FALSE(AdmitsHost(host)) << host;
  }
  EXPECT_FALSE(guard_.Admits(With({}))) << "none";
  EXPECT_FALSE(guard_.Admits(With({{"Host", "localhost"}, {"Host", "evil.com"}}))) << "two";
}

TEST_F(AllowListGuardTest, RefusesEveryOtherOrigin) {
  for (const char* origin :
       {"", "null", "http://evil.com", "https://localhost", "http://localhost.evil.com",
        "http://localhost.", "HTTP://localhost", "http://localhost:", "http://localhost:3000/",
        "http://evil@localhost", "file://", "http://127.0.0.1", " http://localhost"}) {
    EXPECT_FALSE(AdmitsOrigin(origin)) << origin;
  }
  EXPECT_FALSE(guard_.Admits(With(
      {{"Host", "localhost"}, {"Origin", "http://localhost"}, {"Origin", "http://evil.com"}})));
}

TEST(BearerTokenTest, ComesFromExactlyOneAuthorizationHeader) {
  EXPECT_EQ(BearerToken(With({{"Authorization", "Bearer abc"}})), "abc");
  EXPECT_EQ(BearerToken(With({{"authorization", "bearer abc"}})), "abc");
  for (const char* value :
       {"", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc", "Token abc"}) {
    EXPECT_FALSE(BearerToken(With({{"Authorization", value}})).has_value()) << value;
  }
  EXPECT_FALSE(BearerToken(With({{"Authorization", "Bearer a"}, {"Authorization", "Bearer a"}}))
                   .has_value());
  EXPECT_FALSE(BearerToken(With({{"X-Authorization", "Bearer a"}})).has_value());
}

TEST(MediaTypeTest, TheBodyMustBePlainJson) {
  EXPECT_TRUE(DeclaresJson(With({{"Content-Type", "application/json"}})));
  EXPECT_TRUE(DeclaresJson(With({{"content-type", "Application/JSON; charset=utf-8"}})));
  for (const char* type : {"", "text/plain", "application/jsonx", "application/json-patch+json",
                           "text/plain; application/json", "application/x-www-form-urlencoded",
                           "multipart/form-data"}) {
    EXPECT_FALSE(DeclaresJson(With({{"Content-Type", type}}))) << type;
  }
  EXPECT_FALSE(DeclaresJson(With({})));
  EXPECT_FALSE(
      DeclaresJson(With({{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}})));
  EXPECT_FALSE(
      DeclaresJson(With({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}})));
}

TEST(MediaTypeTest, TheClientMustAcceptBothFormsOfAnAnswer) {
  EXPECT_TRUE(AcceptsMcp(With({{"Accept", "application/json, text/event-stream"}})));
  EXPECT_TRUE(AcceptsMcp(With({{"Accept", "text/event-stream;q=0.5,application/json;q=1"}})));
  EXPECT_TRUE(AcceptsMcp(With({{"Accept", "application/json"}, {"Accept", "text/event-stream"}})));
  EXPECT_TRUE(AcceptsMcp(With({{"Accept", "*/*"}})));
  for (const char* accept : {"", "application/json", "text/event-stream", "text/html",
                             "application/jsonx, text/event-streams"}) {
    EXPECT_FALSE(AcceptsMcp(With({{"Accept", accept}}))) << accept;
  }
  EXPECT_FALSE(AcceptsMcp(With({})));
}

}  // namespace
}  // namespace platform
