#include "support/mcp/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "support/mcp/scripted_server.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(HttpClientTest, SendsWhatItIsToldAndReturnsAnyStatus) {
  HttpRequest seen;
  ScriptedServer server([&](const HttpRequest& request) {
    seen = request;
    return HttpResult{418, {{"X-Kind", "teapot"}}, "short and stout"};
  });
  HttpClient client;
  HttpRequest request{"POST", server.url() + "/tea?pot=1", {{"X-Team", "sales"}}, "water", 1s};

  const HttpResult result = client.Send(request);

  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.url, "/tea?pot=1");
  EXPECT_EQ(seen.body, "water");
  EXPECT_THAT(seen.headers, Contains(Pair("x-team", "sales")));
  EXPECT_EQ(result.status, 418);
  EXPECT_EQ(result.Header("x-kind"), "teapot");
  EXPECT_EQ(result.body, "short and stout");
}

TEST(HttpClientTest, KeepsItsConnectionAcrossMethods) {
  ScriptedServer server([](const HttpRequest& request) {
    return HttpResult{request.method == "DELETE" ? 204 : 200, {}, ""};
  });
  HttpClient client;

  for (const char* method : {"GET", "POST", "DELETE", "GET"}) {
    EXPECT_LT(client.Send({method, server.url() + "/", {}, "", 1s}).status, 300);
  }

  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClientTest, TellsNotSentFromNotAnswered) {
  std::string free_url;
  {
    free_url = ScriptedServer([](const HttpRequest&) { return HttpResult{}; }).url();
  }
  ScriptedServer mute([](const HttpRequest&) { return HttpResult{}; });
  HttpClient client;

  try {
    client.Send({"GET", free_url + "/", {}, "", 1s});
    FAIL() << "nobody listens, and yet an answer came";
  } catch (const HttpUnavailable& unavailable) {
    EXPECT_FALSE(unavailable.sent());
    EXPECT_THAT(unavailable.what(), HasSubstr(free_url));
  }
  try {
    client.Send({"GET", mute.url() + "/", {}, "", 1s});
    FAIL() << "the connection was closed, and yet an answer came";
  } catch (const HttpUnavailable& unavailable) {
    EXPECT_TRUE(unavailable.sent());
  }
}

TEST(HttpClientTest, GivesUpAtTheDeadline) {
  std::latch done(1);
  ScriptedServer slow([&](const HttpRequest&) {
    done.wait();
    return HttpResult{200, {}, ""};
  });
  HttpClient client;

  EXPECT_THROW(client.Send({"GET", slow.url() + "/", {}, "", 50ms}), HttpUnavailable);
  done.count_down();
}

}  // namespace
}  // namespace proving_ground
