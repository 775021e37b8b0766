#include "compose/services/worker/agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "compose/services/worker/fake_stack.h"
#include "compose/services/worker/http_coordinator_link.h"
#include "compose/services/worker/mcp_client.h"
#include "compose/services/worker/task_runner.h"

namespace platform {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::Each;
using testing::FakeCoordinator;
using testing::FakeGateway;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Lt;
using testing::ScriptedReply;
using ::testing::SizeIs;
using Manner = ScriptedReply::Manner;

// The proof chain by another road than the worker's own code.
std::string Sha256(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  std::string hex;
  char pair[3];
  for (unsigned i = 0; i < size; ++i) {
    std::snprintf(pair, sizeof pair, "%02x", digest[i]);
    hex += pair;
  }
  return hex;
}

std::string ExpectedProof(const std::string& nonce, const std::vector<std::string>& answers) {
  std::string proof = Sha256(nonce);
  for (const auto& answer : answers) proof = Sha256(proof + "\n" + answer);
  return proof;
}

json Echo(const std::string& text) { return {{"tool", "echo"}, {"arguments", {{"text", text}}}}; }
json Think(int ms) { return {{"think_ms", ms}}; }
json MakeTask(const std::string& id, const std::vector<json>& steps) {
  return {{"id", id}, {"nonce", "nonce-" + id}, {"attempt", 1}, {"steps", steps}};
}

// A whole worker between a coordinator and a gateway of the test, all on the test's thread.
class AgentTest : public ::testing::Test {
 protected:
  AgentTest() : coordinator_(context_.get_executor()), gateway_(context_.get_executor()) {
    std::ofstream(token_file_) << "token";
    agent_options_.poll = milliseconds(1'000);
    agent_options_.retry_minimum = milliseconds(10);
    agent_options_.retry_maximum = milliseconds(100);
  }

  ~AgentTest() override { std::filesystem::remove(token_file_); }

  void StartWorker() {
    const auto executor = context_.get_executor();
    McpClient::Options mcp;
    mcp.server.host = "127.0.0.1";
    mcp.server.port = gateway_.server.port();
    mcp.token_file = token_file_;
    mcp.call_deadline = milliseconds(200);
    tools_.emplace(executor, mcp);
    TaskRunner::Options runner;
    runner.worker_id = "worker-1";
    runner.retry_minimum = milliseconds(10);
    runner.retry_maximum = milliseconds(100);
    runner_.emplace(executor, *tools_, runner);
    HttpCoordinatorLink::Options link;
    link.server.host = "127.0.0.1";
    link.server.port = coordinator_.server.port();
    link.worker_id = "worker-1";
    link.deadline = milliseconds(300);
    work_.emplace(executor, link);
    pulse_.emplace(executor, link);
    agent_.emplace(executor, *work_, *pulse_, *runner_, agent_options_);
    asio::co_spawn(context_, agent_->Run(), [this](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
      left_ = true;
    });
  }

  // Runs everything until the condition holds; false if it does not within the time.
  template <typename Condition>
  bool Until(Condition condition, milliseconds time = milliseconds(8'000)) {
    const auto end = steady_clock::now() + time;
    while (!condition() && steady_clock::now() < end) context_.run_one_for(milliseconds(10));
    return condition();
  }
  void RunFor(milliseconds time) {
    Until([] { return false; }, time);
  }
  bool UntilFinished(std::size_t count = 1) {
    return Until([&] { return coordinator_.finished.size() >= count; });
  }
  bool UntilInHand() {
    return Until([&] {
      return !coordinator_.heartbeats.empty() && coordinator_.heartbeats.back().contains("task");
    });
  }

  // Stops the worker and checks that it says goodbye and ends.
  void StopWorker() {
    agent_->Stop();
    EXPECT_TRUE(Until([&] { return left_; }));
  }

  const std::filesystem::path token_file_ =
      ::testing::TempDir() + "agent_test." + std::to_string(::getpid());
  asio::io_context context_{1};
  FakeCoordinator coordinator_;
  FakeGateway gateway_;
  Agent::Options agent_options_;
  std::optional<McpClient> tools_;
  std::optional<TaskRunner> runner_;
  std::optional<HttpCoordinatorLink> work_;
  std::optional<HttpCoordinatorLink> pulse_;
  std::optional<Agent> agent_;
  bool left_ = false;
};

TEST_F(AgentTest, ExecutesATaskAndLeavesItsProof) {
  coordinator_.queue.push_back(MakeTask(
      "t1", {Echo("${task}/${attempt}/${worker}"), Think(20), Echo("${nonce} ${proof} ${other}")}));
  StartWorker();
  ASSERT_TRUE(UntilFinished());
  const auto& report = coordinator_.finished[0];
  EXPECT_EQ(report.worker, "worker-1");
  EXPECT_EQ(report.task, "t1");
  EXPECT_EQ(report.body["attempt"], 1);
  EXPECT_EQ(report.body["outcome"], "finished");
  EXPECT_EQ(report.body["result"]["steps"], 3);
  ASSERT_THAT(gateway_.calls, SizeIs(2));
  EXPECT_EQ(gateway_.calls[0]["text"], "t1/1/worker-1");
  const std::string after_first = ExpectedProof("nonce-t1", {"echo 1: t1/1/worker-1"});
  EXPECT_EQ(gateway_.calls[1]["text"], "nonce-t1 " + after_first + " ${other}");
  EXPECT_EQ(report.body["result"]["proof"], ExpectedProof("nonce-t1", gateway_.answers));
  StopWorker();
  EXPECT_EQ(coordinator_.left, 1);
}

TEST_F(AgentTest, TakesOneTaskAfterTheOther) {
  for (int i = 0; i < 20; ++i)
    coordinator_.queue.push_back(MakeTask("t" + std::to_string(i), {Echo("x")}));
  StartWorker();
  ASSERT_TRUE(UntilFinished(20));
  EXPECT_THAT(gateway_.calls, SizeIs(20));
  EXPECT_EQ(coordinator_.registrations, 1);
  StopWorker();
}

TEST_F(AgentTest, HeartbeatsFlowDuringALongThink) {
  coordinator_.heartbeat_ms = 50;
  coordinator_.queue.push_back(MakeTask("t1", {Think(700)}));
  StartWorker();
  ASSERT_TRUE(UntilFinished());
  int with_task = 0;
  for (const auto& heartbeat : coordinator_.heartbeats) {
    if (heartbeat == json({{"task", "t1"}, {"attempt", 1}})) ++with_task;
  }
  EXPECT_THAT(with_task, AllOf(Ge(5), Lt(20)));
  StopWorker();
}

TEST_F(AgentTest, CarriesOnWhileItsCoordinatorIsAwayAndReportsUnderTheSameId) {
  coordinator_.queue.push_back(MakeTask("t1", {Echo("before"), Think(300), Echo("after")}));
  StartWorker();
  ASSERT_TRUE(UntilInHand());
  coordinator_.server.Disappear();
  ASSERT_TRUE(Until([&] { return gateway_.calls.size() == 2; })) << "the work did not go on";
  RunFor(milliseconds(300));
  coordinator_.server.Reappear();
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.finished[0].worker, "worker-1");
  EXPECT_EQ(coordinator_.finished[0].body["result"]["proof"],
            ExpectedProof("nonce-t1", gateway_.answers));
  EXPECT_EQ(coordinator_.registrations, 1)
      << "a coordinator that still knows the worker needs no registration";
  StopWorker();
  EXPECT_THAT(coordinator_.finished, SizeIs(1));
}

TEST_F(AgentTest, WaitsForACoordinatorThatIsNotThereYet) {
  coordinator_.server.Disappear();
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  StartWorker();
  RunFor(milliseconds(300));
  coordinator_.server.Reappear();
  EXPECT_TRUE(UntilFinished());
  StopWorker();
}

TEST_F(AgentTest, ReportsUntilAcknowledged) {
  coordinator_.finish_script = {{.manner = Manner::kHangUp},
                                {.status = 503},
                                {.manner = Manner::kSilence},
                                {.status = 500},
                                {.body = "{}", .manner = Manner::kHalfAnswer}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  StartWorker();
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.reports, 6);
  EXPECT_THAT(gateway_.calls, SizeIs(1)) << "only the report is repeated, not the work";
  StopWorker();
}

TEST_F(AgentTest, AReportThatIsStaleIsDropped) {
  coordinator_.finish_script = {{.status = 409}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.reports == 1; }));
  coordinator_.held.clear();
  coordinator_.queue.push_back(MakeTask("t2", {Echo("y")}));
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.finished[0].task, "t2");
  EXPECT_EQ(coordinator_.reports, 2);
  StopWorker();
}

TEST_F(AgentTest, AReportAboutAnUnknownTaskIsGivenUpAfterARegistration) {
  coordinator_.finish_script = {{.status = 404}, {.status = 404}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.reports == 2; }));
  EXPECT_EQ(coordinator_.registrations, 2);
  StopWorker();
  EXPECT_EQ(coordinator_.reports, 2);
}

TEST_F(AgentTest, AbandonsATaskWhoseLeaseIsLost) {
  coordinator_.heartbeat_ms = 50;
  coordinator_.queue.push_back(MakeTask("t1", {Think(60'000), Echo("never")}));
  StartWorker();
  ASSERT_TRUE(UntilInHand());
  coordinator_.held.clear();
  coordinator_.queue.push_back(MakeTask("t2", {Echo("next")}));
  coordinator_.heartbeat_script = {{.status = 409}};
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.finished[0].task, "t2");
  EXPECT_THAT(gateway_.calls, SizeIs(1));
  EXPECT_EQ(coordinator_.reports, 1) << "a lost task must not be reported";
  StopWorker();
}

TEST_F(AgentTest, RegistersAgainWithItsTaskWhenUnknown) {
  coordinator_.heartbeat_ms = 50;
  coordinator_.queue.push_back(MakeTask("t1", {Think(500), Echo("x")}));
  StartWorker();
  ASSERT_TRUE(UntilInHand());
  coordinator_.workers.clear();
  const auto heartbeats = coordinator_.heartbeats.size();
  ASSERT_TRUE(Until([&] { return coordinator_.registrations == 2; }));
  ASSERT_TRUE(Until([&] { return coordinator_.heartbeats.size() >= heartbeats + 2; }));
  EXPECT_EQ(coordinator_.heartbeats.back().value("task", ""), "t1");
  ASSERT_TRUE(UntilFinished());
  EXPECT_THAT(gateway_.calls, SizeIs(1));
  StopWorker();
}

TEST_F(AgentTest, RegistersAgainWhenItsRequestForATaskIsRefusedAsUnknown) {
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  coordinator_.lease_script = {{.status = 404}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  EXPECT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.registrations, 2);
  StopWorker();
}

TEST_F(AgentTest, GetsATaskWhoseHandingOutWasLost) {
  coordinator_.lease_script = {{.manner = Manner::kHangUp},
                               {.body = "{}", .manner = Manner::kHalfAnswer}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  StartWorker();
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.leases, 3);
  EXPECT_THAT(gateway_.calls, SizeIs(1));
  StopWorker();
}

TEST_F(AgentTest, GivesUpASilentCoordinatorSoonAfterTheWaitForATask) {
  agent_options_.poll = milliseconds(60'000);
  coordinator_.lease_ms = 400;  // No wait is longer than the lease.
  coordinator_.lease_script = {{.manner = Manner::kSilence}};
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x")}));
  const auto start = steady_clock::now();
  EXPECT_TRUE(UntilFinished());
  EXPECT_THAT(steady_clock::now() - start, Lt(milliseconds(1'500)));
  StopWorker();
}

TEST_F(AgentTest, AnIdleWorkerSendsNoHeartbeats) {
  coordinator_.heartbeat_ms = 50;
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  RunFor(milliseconds(300));
  EXPECT_THAT(coordinator_.heartbeats, SizeIs(0));
  StopWorker();
}

TEST_F(AgentTest, RepeatsACallWhileTheGatewayIsAway) {
  gateway_.script = {
      {.manner = Manner::kHangUp}, {.manner = Manner::kSilence}, {.status = 503}, {.status = 429}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("one"), Think(200), Echo("two")}));
  StartWorker();
  ASSERT_TRUE(Until([&] { return gateway_.calls.size() == 1; }));
  gateway_.server.Disappear();
  RunFor(milliseconds(500));
  EXPECT_THAT(coordinator_.finished, SizeIs(0));
  gateway_.server.Reappear();
  ASSERT_TRUE(UntilFinished());
  EXPECT_EQ(coordinator_.finished[0].body["outcome"], "finished");
  EXPECT_EQ(coordinator_.finished[0].body["result"]["proof"],
            ExpectedProof("nonce-t1", gateway_.answers));
  StopWorker();
}

TEST_F(AgentTest, AFailingToolFailsTheTask) {
  const json broken = {{"tool", "broken"}, {"arguments", {{"text", "why"}}}};
  coordinator_.queue.push_back(MakeTask("t1", {Echo("x"), broken, Echo("never")}));
  StartWorker();
  ASSERT_TRUE(UntilFinished());
  const json& body = coordinator_.finished[0].body;
  EXPECT_EQ(body["outcome"], "failed");
  EXPECT_EQ(body["result"]["steps"], 1);
  EXPECT_THAT(body["result"]["reason"].get<std::string>(), HasSubstr("echo 2: why"));
  EXPECT_EQ(body["result"]["proof"], ExpectedProof("nonce-t1", {gateway_.answers[0]}));
  EXPECT_THAT(gateway_.calls, SizeIs(2));
  StopWorker();
}

TEST_F(AgentTest, AStepItDoesNotUnderstandFailsTheTask) {
  const std::vector<json> strange = {
      json(7), json::object(), {{"tool", 7}}, {{"think_ms", -1}}, {{"think_ms", "1"}}};
  for (const json& step : strange) coordinator_.queue.push_back(MakeTask("t", {step}));
  coordinator_.queue.push_back({{"id", "u"}, {"attempt", 1}, {"steps", "none"}});
  StartWorker();
  ASSERT_TRUE(UntilFinished(strange.size() + 1));
  for (const auto& report : coordinator_.finished) EXPECT_EQ(report.body["outcome"], "failed");
  StopWorker();
}

TEST_F(AgentTest, FinishesTheTaskInHandBeforeItLeaves) {
  coordinator_.queue.push_back(MakeTask("t1", {Think(400), Echo("x")}));
  coordinator_.queue.push_back(MakeTask("t2", {Echo("must stay")}));
  coordinator_.finish_script = {{.status = 503}};
  StartWorker();
  ASSERT_TRUE(UntilInHand());
  StopWorker();
  ASSERT_THAT(coordinator_.finished, SizeIs(1));
  EXPECT_EQ(coordinator_.finished[0].task, "t1");
  EXPECT_THAT(coordinator_.queue, SizeIs(1));
  EXPECT_EQ(coordinator_.left, 1);
}

TEST_F(AgentTest, AnIdleWorkerLeavesAtOnce) {
  agent_options_.poll = milliseconds(60'000);
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  const auto start = steady_clock::now();
  StopWorker();
  EXPECT_THAT(steady_clock::now() - start, Lt(milliseconds(500)));
  EXPECT_EQ(coordinator_.left, 1);
  RunFor(milliseconds(300));
  EXPECT_EQ(coordinator_.registrations, 1) << "it must not come back after its goodbye";
}

// One that cannot hear it at the moment would take the worker for lost, and keep its key meanwhile.
TEST_F(AgentTest, SaysGoodbyeAgainToACoordinatorThatCouldNotHearIt) {
  coordinator_.leave_script = {{.status = 503}, {.status = 503}};
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  StopWorker();
  EXPECT_EQ(coordinator_.left, 1);
}

TEST_F(AgentTest, GivesATaskBackWhenTheTimeToDrainIsOver) {
  agent_options_.drain = milliseconds(200);
  coordinator_.queue.push_back(MakeTask("t1", {Think(60'000)}));
  StartWorker();
  ASSERT_TRUE(UntilInHand());
  StopWorker();
  EXPECT_THAT(coordinator_.finished, SizeIs(0));
  EXPECT_EQ(coordinator_.left, 1);
}

TEST_F(AgentTest, LeavesEvenIfItsCoordinatorIsAway) {
  StartWorker();
  ASSERT_TRUE(Until([&] { return coordinator_.leases == 1; }));
  coordinator_.server.Disappear();
  RunFor(milliseconds(200));
  StopWorker();
}

TEST_F(AgentTest, DoesNotHurryACoordinatorThatHasNothing) {
  for (int i = 0; i < 200; ++i) coordinator_.lease_script.push_back({.status = 204});
  StartWorker();
  RunFor(milliseconds(500));
  EXPECT_THAT(coordinator_.leases, AllOf(Ge(2), Lt(60)));  // A pause of 10 ms each time.
  StopWorker();
}

TEST_F(AgentTest, BacksOffFromACoordinatorThatRefusesToGiveWork) {
  for (int i = 0; i < 200; ++i) coordinator_.lease_script.push_back({.status = 400});
  StartWorker();
  RunFor(milliseconds(800));
  EXPECT_THAT(coordinator_.leases, AllOf(Ge(2), Lt(30)));  // Up to 100 ms each time.
  StopWorker();
}

TEST_F(AgentTest, BeatsWhateverHappens) {
  int beats = 0;
  agent_options_.beat = [&beats] { ++beats; };
  coordinator_.server.Disappear();
  StartWorker();
  EXPECT_TRUE(Until([&] { return beats >= 1; }));
  coordinator_.server.Reappear();
  EXPECT_TRUE(Until([&] { return beats >= 5; }));
  StopWorker();
}

}  // namespace
}  // namespace platform
