#include "support/compose/start_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/engine/testing/mock_transport.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::_;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::NiceMock;

std::string Row(const std::string& id, const std::string& state, const std::string& status) {
  return R"({"Id":")" + id + R"(","Names":["/shop-)" + id + R"(-1"],"State":")" + state +
         R"(","Status":")" + status + R"("})";
}

// A project of which the case says what the engine lists and tells about its only special
// container.
class StartUpTest : public ::testing::Test {
 protected:
  StartUpTest() {
    auto transport = std::make_unique<NiceMock<MockTransport>>();
    transport_ = transport.get();
    engine_.emplace(EngineOver(std::move(transport)));
    ON_CALL(*transport_, Send(_)).WillByDefault([this](const Request& request) {
      if (request.target.find("/containers/json") != std::string::npos) return Answer(NextList());
      return Answer(details_);
    });
    ON_CALL(*transport_, Stream(_, _, _))
        .WillByDefault([](const Request&, const BodySink& sink, const std::stop_token&) {
          sink(std::string("\2\0\0\0\0\0\0\10no redis", 16));
          return Answer("");
        });
  }
  // The last list is repeated.
  std::string NextList() {
    const std::string list = lists_.front();
    if (lists_.size() > 1) lists_.erase(lists_.begin());
    return "[" + list + "]";
  }
  // Message of the error that the wait ends in; empty when all are up.
  std::string Outcome(Clock::duration within = seconds(20)) {
    try {
      AwaitContainersUp(*engine_, "shop", Within(within));
    } catch (const EnvironmentError& error) {
      return error.what();
    }
    return "";
  }

  NiceMock<MockTransport>* transport_;  // owned by the engine
  std::optional<Engine> engine_;
  std::vector<std::string> lists_;
  std::string details_ = R"({"State":{"Status":"running"}})";
};

TEST_F(StartUpTest, WaitsUntilAllRunAndAreHealthy) {
  details_ = R"({"State":{"Status":"running"},
                 "Config":{"Healthcheck":{"Test":["CMD","x"],"Interval":5000000000}}})";
  lists_ = {Row("redis", "created", "Created"),
            Row("redis", "running", "Up 1 second (health: starting)"),
            Row("redis", "running", "Up 5 seconds (healthy)")};
  EXPECT_EQ(Outcome(), "");
  EXPECT_EQ(lists_.size(), 1U) << "it must have seen all of them";
}

TEST_F(StartUpTest, AHealthCheckIsRunFromHereUntilTheEngineHasRunItForTheFirstTime) {
  details_ = R"({"State":{"Status":"running"},"Config":{"Healthcheck":
                 {"Test":["CMD-SHELL","look"],"Interval":5000000000,"Timeout":2000000000}}})";
  lists_ = {Row("redis", "running", "Up 1 second (health: starting)")};
  std::vector<std::string> asked;
  int exit_code = 1;
  ON_CALL(*transport_, Send(::testing::Field(&Request::target, HasSubstr("/exec"))))
      .WillByDefault([&](const Request& request) {
        if (request.method == "POST") asked.push_back(request.target + request.body);
        return Answer(R"({"Id":"e1","Running":false,"ExitCode":)" + std::to_string(exit_code) +
                      "}");
      });
  EXPECT_THAT(Outcome(milliseconds(100)), HasSubstr("shop-redis-1 health starting"));
  ASSERT_THAT(asked, ::testing::SizeIs(1)) << "not at every look";
  EXPECT_THAT(asked.front(),
              AllOf(HasSubstr("/containers/redis/exec"), HasSubstr(R"(["/bin/sh","-c","look"])")));
  exit_code = 0;
  EXPECT_EQ(Outcome(), "");
  EXPECT_THAT(asked, ::testing::SizeIs(2)) << "once passed it counts";

  lists_ = {Row("redis", "running", "Up 9 seconds (unhealthy)")};
  EXPECT_THAT(Outcome(milliseconds(100)), HasSubstr("health unhealthy")) << "the engine knows more";
}

TEST_F(StartUpTest, GivingUpNamesWhoIsNotUp) {
  details_ = R"({"State":{"Status":"running"},
                 "Config":{"Healthcheck":{"Test":["CMD","x"],"Interval":5000000000}}})";
  lists_ = {Row("redis", "running", "Up 1 second (unhealthy)") + "," +
            Row("gateway", "running", "Up 1 second")};
  EXPECT_THAT(Outcome(milliseconds(100)),
              HasSubstr("last seen: 1 of 2 up, shop-redis-1 health unhealthy"));
}

TEST_F(StartUpTest, ARareHealthCheckIsNotWaitedFor) {
  details_ = R"({"State":{"Status":"running"},
                 "Config":{"Healthcheck":{"Test":["CMD","x"],"Interval":30000000000}}})";
  lists_ = {Row("worker", "running", "Up 1 second (health: starting)")};
  EXPECT_EQ(Outcome(), "");
}

TEST_F(StartUpTest, AContainerThatExitedFailsAtOnceWithItsLastLines) {
  details_ = R"({"State":{"Status":"exited","ExitCode":3},
                 "HostConfig":{"RestartPolicy":{"Name":"no"}}})";
  lists_ = {Row("worker", "exited", "Exited (3) 1 second ago")};
  EXPECT_THAT(Outcome(), AllOf(HasSubstr("container shop-worker-1 exited with code 3"),
                               EndsWith("its last lines:\nno redis")));
}

TEST_F(StartUpTest, AOneShotContainerThatEndedWellCountsAsUp) {
  details_ = R"({"State":{"Status":"exited","ExitCode":0},
                 "HostConfig":{"RestartPolicy":{"Name":"no"}}})";
  lists_ = {Row("migration", "exited", "Exited (0) 1 second ago")};
  EXPECT_EQ(Outcome(), "");
  details_ = R"({"State":{"Status":"exited","ExitCode":0},
                 "HostConfig":{"RestartPolicy":{"Name":"always"}}})";
  EXPECT_THAT(Outcome(), HasSubstr("exited with code 0")) << "a service is not meant to end";
}

TEST_F(StartUpTest, ACrashLoopFailsBeforeTheDeadline) {
  details_ = R"({"RestartCount":4,"State":{"Status":"restarting","ExitCode":1}})";
  lists_ = {Row("worker", "restarting", "Restarting (1) 1 second ago")};
  EXPECT_THAT(Outcome(), HasSubstr("was restarted 4 times, last with exit code 1"));
}

TEST_F(StartUpTest, ARestartedContainerMustStayUpForAWhile) {
  lists_ = {Row("worker", "running", "Up 1 second")};
  details_ =
      R"({"RestartCount":1,"State":{"Status":"running","StartedAt":"2100-01-01T00:00:00Z"}})";
  EXPECT_THAT(Outcome(milliseconds(100)), HasSubstr("0 of 1 up, shop-worker-1 was restarted 1"));
  details_ =
      R"({"RestartCount":1,"State":{"Status":"running","StartedAt":"2020-01-01T00:00:00Z"}})";
  EXPECT_EQ(Outcome(), "");
}

TEST_F(StartUpTest, AProjectWithoutContainersIsNotUp) {
  lists_ = {""};
  EXPECT_THAT(Outcome(), HasSubstr("project shop has no containers"));
}

}  // namespace
}  // namespace proving_ground
