#include "support/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/engine/testing/mock_transport.h"

namespace proving_ground {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::NiceMock;
using ::testing::Return;

std::string ApiVersionAgainst(const std::string& newest, const std::string& oldest,
                              const std::string& wanted = "") {
  auto transport = std::make_unique<NiceMock<MockTransport>>();
  ON_CALL(*transport, Send(_)).WillByDefault(Return(VersionAnswer(newest, oldest)));
  const EnvironmentLookup environment = [&](const std::string& name) {
    return name == "DOCKER_API_VERSION" ? std::optional(wanted) : std::nullopt;
  };
  return Engine(std::move(transport), {.url = "unix:///x"}, environment).api_version();
}

std::string MessageOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(EngineVersionTest, IsTheNewestBothSpeak) {
  EXPECT_EQ(ApiVersionAgainst("1.41", "1.12"), "1.41");
  EXPECT_EQ(ApiVersionAgainst("1.47", "1.24"), "1.47");
  EXPECT_EQ(ApiVersionAgainst("1.52", "1.44"), "1.51") << "our newest";
  EXPECT_EQ(ApiVersionAgainst("1.47", "1.24", "1.43"), "1.43") << "DOCKER_API_VERSION";
}

TEST(EngineVersionTest, NamesBothSidesWhenThereIsNoneInCommon) {
  EXPECT_THAT(MessageOf([] { ApiVersionAgainst("1.40", "1.12"); }),
              AllOf(HasSubstr("this program speaks API 1.41 to 1.51"),
                    HasSubstr("(20.10.24) speaks 1.12 to 1.40"), HasSubstr("newer engine")));
  EXPECT_THAT(MessageOf([] { ApiVersionAgainst("1.70", "1.60"); }), HasSubstr("older engine"));
  EXPECT_THROW(ApiVersionAgainst("1.41", "1.12", "1.50"), UsageError);
  EXPECT_THROW(ApiVersionAgainst("1.41", "1.12", "newest"), UsageError);
}

// One engine, and what it answers to one request.
class EngineTest : public ::testing::Test {
 protected:
  // The engine is made first: it asks for the version, which no case expects.
  EngineTest() {
    auto transport = std::make_unique<NiceMock<MockTransport>>();
    transport_ = transport.get();
    engine_.emplace(EngineOver(std::move(transport)));
  }
  void AnswerTo(const char* method, const char* target, const Response& response) {
    EXPECT_CALL(*transport_, Send(RequestTo(method, target))).WillOnce(Return(response));
  }
  Engine& engine() { return *engine_; }

  NiceMock<MockTransport>* transport_;  // owned by the engine
  std::optional<Engine> engine_;
};

TEST_F(EngineTest, ErrorsQuoteTheEngineWithVerbObjectAndRemedy) {
  AnswerTo(
      "POST", "/v1.41/containers/redis/start",
      Answer(
          R"({"message":"driver failed: Bind for 127.0.0.1:80 failed: port is already allocated"})",
          500));
  EXPECT_THAT(MessageOf([&] { engine().Start("redis"); }),
              AllOf(HasSubstr("refused to start container redis"),
                    HasSubstr("port is already allocated (HTTP 500)"),
                    HasSubstr("another program uses this port")));
}

TEST_F(EngineTest, ANetworkThatTheEngineCannotFreeIsExplained) {
  AnswerTo("DELETE", "/v1.41/networks/shop",
           Answer(R"({"message":"network shop has active endpoints"})", 403));
  EXPECT_THAT(MessageOf([&] { engine().RemoveNetwork("shop"); }), HasSubstr("frees it when"));
}

TEST_F(EngineTest, AMissingImageIsNamedWithHowToGetIt) {
  AnswerTo("GET", "/v1.41/images/shop/worker:0.1.0/json",
           Answer(R"({"message":"No such image: shop/worker:0.1.0"})", 404));
  try {
    engine().InspectImage("shop/worker:0.1.0");
    FAIL() << "there is no such image";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.status(), 404);
    EXPECT_EQ(ExitStatus(error), 4);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("No such image: shop/worker:0.1.0"),
                                    HasSubstr("build the stack's images first")));
  }
}

TEST_F(EngineTest, DescribesObjectsAsTheApiHasThem) {
  AnswerTo("GET", "/v1.41/images/proving-ground/redis:0.1.0/history",
           Answer(R"([{"CreatedBy": "COPY . /"}])"));
  const nlohmann::json history =
      engine().Describe(ObjectKind::kImageHistory, "proving-ground/redis:0.1.0");
  EXPECT_EQ(history.at(0).at("CreatedBy"), "COPY . /");
  AnswerTo("GET", "/v1.41/volumes/shop_data", Answer(R"({"Name": "shop_data"})"));
  EXPECT_EQ(engine().Describe(ObjectKind::kVolume, "shop_data").at("Name"), "shop_data");
}

TEST_F(EngineTest, AnErrorThatIsNotJsonIsQuotedToo) {
  AnswerTo("POST", "/v1.41/containers/x/pause", Answer("client version 1.41 is too old\n", 400));
  EXPECT_THAT(MessageOf([&] { engine().Pause("x"); }),
              AllOf(HasSubstr("client version 1.41 is too old (HTTP 400)"),
                    HasSubstr("DOCKER_API_VERSION")));
}

TEST_F(EngineTest, AnAnswerThatIsNotJsonIsAnErrorOfTheEnvironment) {
  AnswerTo("GET", "/v1.41/info", Answer("<html>hello</html>"));
  EXPECT_THAT(MessageOf([&] { engine().Info(); }), HasSubstr("answer to 'describe itself'"));
}

TEST_F(EngineTest, WhatAlreadyIsAsWantedIsNoError) {
  AnswerTo("POST", "/v1.41/containers/x/start", Answer("", 304));
  AnswerTo("DELETE", "/v1.41/containers/x?force=1&v=0", Answer(R"({"message":"No such"})", 404));
  AnswerTo("POST", "/v1.41/containers/x/unpause",
           Answer(R"({"message":"Container x is not paused"})", 500));
  EXPECT_NO_THROW(engine().Start("x"));
  EXPECT_NO_THROW(engine().Remove("x", {.force = true}));
  EXPECT_NO_THROW(engine().Unpause("x"));
}

TEST_F(EngineTest, ListsContainersByLabels) {
  AnswerTo("GET",
           "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22project%3Dshop%22%5D%7D",
           Answer(R"json([{"Id":"a1","Names":["/shop-redis-1"],"State":"running",
                       "Status":"Up 3 seconds (health: starting)","Labels":{"project":"shop"},
                       "Ports":[{"PrivatePort":6379,"PublicPort":49153,"IP":"127.0.0.1","Type":"tcp"},
                                {"PrivatePort":8080,"Type":"tcp"}]},
                      {"Id":"b2","Names":["/shop-job-1"],"State":"exited",
                       "Status":"Exited (0) 2 seconds ago","Labels":null,"Ports":[]}])json"));
  const std::vector<ContainerSummary> containers = engine().ListContainers({{"project", "shop"}});
  ASSERT_EQ(containers.size(), 2U);
  EXPECT_EQ(containers[0].name, "shop-redis-1");
  EXPECT_EQ(containers[0].health, Health::kStarting);
  ASSERT_EQ(containers[0].ports.size(), 1U) << "a port that is not published does not count";
  EXPECT_EQ(containers[0].ports[0].host_port, 49153);
  EXPECT_EQ(containers[1].state, ContainerState::kExited);
  EXPECT_EQ(containers[1].health, Health::kNone);
}

TEST_F(EngineTest, ReconnectsWithTheEndpointAsItWas) {
  AnswerTo("GET", "/v1.41/containers/a1/json",
           Answer(R"({"Id":"a1","Name":"/shop-redis-1","State":{"Status":"running"},
                      "NetworkSettings":{"Networks":{"backend":{"NetworkID":"n1","IPAddress":"10.0.0.9",
                        "IPAMConfig":{"IPv4Address":"10.0.0.9"},"Aliases":["redis","a1"],
                        "Links":null,"DriverOpts":null}}}})"));
  Request sent;
  EXPECT_CALL(*transport_, Send(RequestTo("POST", "/v1.41/networks/n1/connect")))
      .WillOnce([&](const Request& request) {
        sent = request;
        return Answer("");
      });
  const NetworkAttachment attachment = engine().InspectContainer("a1").networks.at("backend");
  EXPECT_EQ(attachment.address, "10.0.0.9");
  engine().ConnectNetwork("n1", "a1", attachment);
  EXPECT_EQ(sent.body, R"({"Container":"a1","EndpointConfig":{"Aliases":["redis","a1"],)"
                       R"("IPAMConfig":{"IPv4Address":"10.0.0.9"}}})");
}

// Plays a stream of frames that the transport cuts anywhere.
auto StreamPieces(std::vector<std::string> pieces) {
  return
      [pieces = std::move(pieces)](const Request&, const BodySink& sink, const std::stop_token&) {
        for (const std::string& piece : pieces) sink(piece);
        return Answer("");
      };
}

TEST_F(EngineTest, ExecSeparatesTheStreamsAndWaitsForTheExitCode) {
  AnswerTo("POST", "/v1.41/containers/a1/exec", Answer(R"({"Id":"e1"})", 201));
  EXPECT_CALL(*transport_, Stream(RequestTo("POST", "/v1.41/exec/e1/start"), _, _))
      .WillOnce(StreamPieces(
          {std::string("\1\0\0\0\0\0\0\2hi\2\0\0", 13), std::string("\0\0\0\0\4oo", 7), "ps"}));
  EXPECT_CALL(*transport_, Send(RequestTo("GET", "/v1.41/exec/e1/json")))
      .WillOnce(Return(Answer(R"({"Running":true,"ExitCode":null})")))
      .WillOnce(Return(Answer(R"({"Running":false,"ExitCode":7})")));
  const ExecResult result = engine().Exec("a1", {"check", "me"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.output.standard_output, "hi");
  EXPECT_EQ(result.output.standard_error, "oops");
}

TEST_F(EngineTest, MakesContainersThatMayDoNothingButWhatTheyWereGiven) {
  Request sent;
  EXPECT_CALL(*transport_, Send(RequestTo("POST", "/v1.41/containers/create?name=helper")))
      .WillOnce([&](const Request& request) {
        sent = request;
        return Answer(R"({"Id":"h1","Warnings":[]})", 201);
      });
  EXPECT_EQ(engine().Create({.image = "tools:1",
                             .name = "helper",
                             .command = {"drop"},
                             .labels = {{"for", "shop"}},
                             .network_of = "a1",
                             .capability = "NET_ADMIN"}),
            "h1");
  EXPECT_EQ(sent.body,
            R"({"Cmd":["drop"],"HostConfig":{"CapAdd":["NET_ADMIN"],"CapDrop":["ALL"],)"
            R"("LogConfig":{"Type":"json-file"},"Memory":67108864,"MemorySwap":67108864,)"
            R"("NetworkMode":"container:a1","PidsLimit":32,"ReadonlyRootfs":true,)"
            R"("RestartPolicy":{"Name":"no"},"SecurityOpt":["no-new-privileges"]},)"
            R"("Image":"tools:1","Labels":{"for":"shop"}})");
}

TEST_F(EngineTest, FilesTravelAsAnArchive) {
  Request sent;
  EXPECT_CALL(*transport_, Send(RequestTo("PUT", "/v1.41/containers/h1/archive?path=/")))
      .WillOnce([&](const Request& request) {
        sent = request;
        return Answer("");
      });
  engine().PutFiles("h1", {{.path = "/run/secrets/token", .content = "t0ken", .owner = 7}});
  EXPECT_EQ(sent.content_type, "application/x-tar");
  ASSERT_GE(sent.body.size(), 1024U);
  // Offsets of the fields: POSIX, ustar Interchange Format.
  EXPECT_STREQ(sent.body.c_str(), "run/secrets/token");
  EXPECT_EQ(sent.body.substr(100, 6), "000400");
  EXPECT_EQ(sent.body.substr(108, 6), "000007");
  EXPECT_EQ(sent.body.substr(512, 5), "t0ken");
}

TEST_F(EngineTest, FollowedLogsComeLineByLine) {
  EXPECT_CALL(
      *transport_,
      Stream(RequestTo("GET", "/v1.41/containers/a1/logs?stdout=1&stderr=1&follow=1"), _, _))
      .WillOnce(StreamPieces({std::string("\1\0\0\0\0\0\0\6one\ntw", 14),
                              std::string("\2\0\0\0\0\0\0\5oops\n", 13),
                              std::string("\1\0\0\0\0\0\0\4o\nto", 12)}));
  std::vector<std::pair<OutputStream, std::string>> lines;
  engine().FollowLogs(
      "a1", [&](OutputStream stream, std::string_view line) { lines.emplace_back(stream, line); });
  EXPECT_THAT(lines, ElementsAre(std::pair(OutputStream::kStandardOutput, "one"),
                                 std::pair(OutputStream::kStandardError, "oops"),
                                 std::pair(OutputStream::kStandardOutput, "two")))
      << "a line that was cut short is left out";
}

TEST_F(EngineTest, ReportsTheExitCodeOfAContainerThatEnded) {
  AnswerTo("POST", "/v1.41/containers/a1/wait?condition=not-running",
           Answer(R"({"StatusCode":3})"));
  EXPECT_EQ(engine().AwaitExit("a1", Within(std::chrono::seconds(1))), 3);
}

TEST_F(EngineTest, LogsOfATerminalAreOneStream) {
  AnswerTo("GET", "/v1.41/containers/a1/json",
           Answer(R"({"Id":"a1","State":{"Status":"running"},"Config":{"Tty":true}})"));
  EXPECT_CALL(*transport_,
              Stream(RequestTo("GET", "/v1.41/containers/a1/logs?stdout=1&stderr=1&tail=5"), _, _))
      .WillOnce(StreamPieces({"raw ", "text"}));
  EXPECT_EQ(engine().Logs("a1", {.tail = 5}).standard_output, "raw text");
}

TEST_F(EngineTest, EventsAreReadAcrossPieces) {
  EXPECT_CALL(*transport_, Stream(_, _, _))
      .WillOnce(
          StreamPieces({R"({"Type":"container","Action":"die","Actor":{"ID":"a1",)",
                        R"("Attributes":{"exitCode":"137"}},"timeNano":1500000000)", "}\n{",
                        R"("Type":"network","Action":"connect","Actor":{"ID":"n1"}})", "\n"}));
  std::vector<Event> events;
  engine().WatchEvents({}, [&](const Event& event) { events.push_back(event); });
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].attributes.at("exitCode"), "137");
  EXPECT_EQ(events[0].at, SystemTime(std::chrono::milliseconds(1500)));
  EXPECT_EQ(events[1].action, "connect");
}

TEST_F(EngineTest, ARefusedStreamIsAnError) {
  EXPECT_CALL(*transport_, Stream(_, _, _))
      .WillOnce(Return(Answer(R"({"message":"not allowed here"})", 403)));
  EXPECT_THAT(MessageOf([&] { engine().WatchEvents({}, [](const Event&) {}); }),
              HasSubstr("refused to report events: not allowed here (HTTP 403)"));
}

TEST_F(EngineTest, MemoryIsReadFromBothCgroupVersions) {
  EXPECT_CALL(*transport_,
              Send(RequestTo("GET", "/v1.41/containers/x/stats?stream=false&one-shot=true")))
      .WillOnce(Return(Answer(R"({"read":"2026-11-23T09:52:57.5Z","pids_stats":{"current":4},
          "cpu_stats":{"cpu_usage":{"total_usage":1234}},
          "memory_stats":{"usage":1000,"limit":9000,"stats":{"rss":1,"total_rss":600,
            "inactive_file":2,"total_inactive_file":300}}})")))
      .WillOnce(Return(Answer(R"({"read":"2026-11-23T09:52:57Z","memory_stats":{"usage":1000,
          "limit":9000,"stats":{"anon":700,"inactive_file":200}}})")))
      .WillOnce(Return(Answer(R"({"read":"0001-01-01T00:00:00Z","memory_stats":{}})")));

  const std::optional<ResourceUsage> version_1 = engine().Usage("x");
  ASSERT_TRUE(version_1.has_value());
  EXPECT_EQ(version_1->memory_anonymous, 600);
  EXPECT_EQ(version_1->WorkingSet(), 700);
  EXPECT_EQ(version_1->cpu_ns, 1234);
  EXPECT_EQ(version_1->pids, 4);
  const std::optional<ResourceUsage> version_2 = engine().Usage("x");
  ASSERT_TRUE(version_2.has_value());
  EXPECT_EQ(version_2->memory_anonymous, 700);
  EXPECT_EQ(version_2->WorkingSet(), 800);
  EXPECT_FALSE(engine().Usage("x").has_value()) << "a stopped container uses nothing";
}

}  // namespace
}  // namespace proving_ground
