#include "support/attacks/mcp/raw_connection.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/mcp_sender.h"
#include "support/base/errors.h"
#include "support/mcp/scripted_server.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

int PortOf(const ScriptedServer& server) {
  return std::stoi(server.url().substr(server.url().rfind(':') + 1));
}

RawConnection To(const ScriptedServer& server) {
  return RawConnection("127.0.0.1", PortOf(server), 1s);
}

TEST(RawConnectionTest, SendsBytesAsTheyAreAndReadsOneAnswerAtATime) {
  ScriptedServer server([](const HttpRequest& request) {
    return HttpResult{200, {{"X-Method", request.method}}, request.body};
  });
  RawConnection connection = To(server);
  const std::string one = "ODD /x HTTP/1.1\r\ncontent-length: 3\r\n\r\none";
  const std::string two = "POST /y HTTP/1.1\r\ncontent-length: 5\r\n\r\nother";

  ASSERT_TRUE(connection.Send(one + two, Within(1s)));
  const RawAnswer first = connection.Receive(Within(1s));
  const RawAnswer second = connection.Receive(Within(1s));

  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "one");
  EXPECT_EQ(first.Header("x-method"), "ODD");
  EXPECT_EQ(second.body, "other");
  EXPECT_FALSE(connection.ClosedByServer());
}

TEST(RawConnectionTest, TellsAClosedConnectionFromSilence) {
  ScriptedServer closing([](const HttpRequest&) { return HttpResult{}; });
  RawConnection closed = To(closing);
  closed.Send("GET / HTTP/1.1\r\n\r\n", Within(1s));
  const RawAnswer nothing = closed.Receive(Within(1s));
  EXPECT_EQ(ReplyOf(nothing), Reply::kClosed);
  EXPECT_TRUE(closed.ClosedByServer());

  RawConnection waiting = To(closing);
  waiting.Send("GET / HTTP/1.1\r\n", Within(1s));
  EXPECT_EQ(ReplyOf(waiting.Receive(Within(50ms))), Reply::kSilent);
}

TEST(RawConnectionTest, PutsChunksTogether) {
  ScriptedServer server([](const HttpRequest&) {
    // The length that the double adds is not looked at beside chunks.
    return HttpResult{200, {{"Transfer-Encoding", "chunked"}}, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"};
  });
  RawConnection connection = To(server);
  connection.Send("GET / HTTP/1.1\r\n\r\n", Within(1s));
  EXPECT_EQ(connection.Receive(Within(1s)).body, "abcde");
}

TEST(RawConnectionTest, SaysWhenNobodyListens) {
  int port = 0;
  {
    const ScriptedServer gone([](const HttpRequest&) { return HttpResult{}; });
    port = PortOf(gone);
  }
  EXPECT_THROW(RawConnection("127.0.0.1", port, 1s), EnvironmentError);
}

RawAnswer Answer(int status, const std::string& body) {
  RawAnswer answer;
  answer.status = status;
  answer.head = "HTTP/1.1";
  answer.body = body;
  return answer;
}

TEST(ReplyTest, TakesAnswersForWhatTheyAre) {
  EXPECT_EQ(ReplyOf(Answer(200, R"({"result":{}})")), Reply::kServed);
  EXPECT_EQ(ReplyOf(Answer(200, R"({"result":{"isError":true}})")), Reply::kToolError);
  EXPECT_EQ(ReplyOf(Answer(200, R"({"error":{"code":-32602}})")), Reply::kRefused);
  EXPECT_EQ(ReplyOf(Answer(200, R"([{"error":{}},{"result":{}}])")), Reply::kServed);
  EXPECT_EQ(ReplyOf(Answer(200, "welcome")), Reply::kServed);
  EXPECT_EQ(ReplyOf(Answer(202, "")), Reply::kAccepted);
  EXPECT_EQ(ReplyOf(Answer(401, "")), Reply::kRefused);
  EXPECT_EQ(ReplyOf(Answer(429, "")), Reply::kLimited);
  EXPECT_EQ(ReplyOf(Answer(500, "")), Reply::kBroken);
  RawAnswer stream = Answer(200, "event: message\ndata: {\"id\":7,\"result\":{}}\n\n");
  stream.head += "\r\nContent-Type: text/event-stream";
  EXPECT_EQ(ReplyOf(stream), Reply::kServed);
}

TEST(McpPostTest, WritesOutWhatItIsToldAndNothingElse) {
  McpPost post{.target = "/mcp", .headers = {{"Host", "a"}, {"Accept", "b"}}, .body = "xyz"};
  post.Replace("host", "c").Add("Host", "d").Remove("ACCEPT");
  EXPECT_EQ(post.Bytes(),
            "POST /mcp HTTP/1.1\r\nhost: c\r\nHost: d\r\nContent-Length: 3\r\n\r\nxyz");
  post.Add("Content-Length", "9");
  EXPECT_EQ(post.Bytes(),
            "POST /mcp HTTP/1.1\r\nhost: c\r\nHost: d\r\nContent-Length: 9\r\n\r\nxyz");
}

}  // namespace
}  // namespace proving_ground
