#include "support/load/task_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/mcp/scripted_server.h"
#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Task MakeTask(const std::string& id) {
  Task task;
  task.id = id;
  task.team = "sales";
  task.nonce = "nonce";
  task.gaps = {0ms, 0ms, 0ms};
  return task;
}

HttpResult Json(int status, const json& body) {
  return {status, {{"content-type", "application/json"}}, body.dump()};
}

// A coordinator whose answers, by method and path, the test sets. Answers are set before they are
// asked for.
class HttpDriverTest : public testing::Test {
 protected:
  HttpDriverTest() {
    answers_["GET /v1/events"] = Json(200, {{"events", json::array()}, {"next", "5-0"}});
  }

  HttpResult Answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    last_ = request;
    const std::string path = request.url.substr(0, request.url.find('?'));
    const auto found = answers_.find(request.method + " " + path);
    return found == answers_.end() ? HttpResult{404, {}, ""} : found->second;
  }

  std::unique_ptr<TaskDriver> Driver() { return MakeHttpDriver(server_.url(), 5s); }

  void Set(const std::string& request, HttpResult answer) {
    const std::lock_guard lock(mutex_);
    answers_[request] = std::move(answer);
  }

  HttpRequest Last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

  std::mutex mutex_;
  std::map<std::string, HttpResult> answers_;
  HttpRequest last_;
  ScriptedServer server_{[this](const HttpRequest& request) { return Answer(request); }};
};

TEST_F(HttpDriverTest, OutcomesAreAcceptedRefusedOrUnknown) {
  const auto driver = Driver();
  const std::map<int, SubmitOutcome> outcomes = {
      {202, SubmitOutcome::kAccepted}, {400, SubmitOutcome::kRefused},
      {409, SubmitOutcome::kRefused},  {429, SubmitOutcome::kRefused},
      {503, SubmitOutcome::kUnknown},  {500, SubmitOutcome::kUnknown},
      {0, SubmitOutcome::kUnknown}};  // 0: the connection closes without an answer
  for (const auto& [status, outcome] : outcomes) {
    Set("POST /v1/tasks", {status, {}, "because"});
    EXPECT_EQ(driver->Submit(MakeTask("t1")).outcome, outcome) << status;
  }
  Set("POST /v1/tasks", {400, {}, "because"});
  EXPECT_THAT(driver->Submit(MakeTask("t1")).reason, HasSubstr("because"));
  EXPECT_EQ(json::parse(Last().body), TaskPayload(MakeTask("t1")));
}

TEST(HttpDriverDownTest, TaskThatNeverLeftIsRefusedAndNotUnknown) {
  auto server = std::make_unique<ScriptedServer>([](const HttpRequest&) {
    return Json(200, {{"events", json::array()}, {"next", "0-0"}});
  });
  const std::string url = server->url();
  const auto driver = MakeHttpDriver(url, 200ms);
  server.reset();

  EXPECT_EQ(driver->Submit(MakeTask("t1")).outcome, SubmitOutcome::kRefused);
  EXPECT_THAT(driver->NextEvents(0ms), IsEmpty());
  EXPECT_THROW(driver->Read("t1"), EnvironmentError);
  EXPECT_THROW(MakeHttpDriver(url, 200ms), EnvironmentError);
}

TEST_F(HttpDriverTest, EventsContinueWhereTheLastAnswerEnded) {
  const auto driver = Driver();
  EXPECT_THAT(Last().url, HasSubstr("after=%24"));
  Set("GET /v1/events",
      Json(200, {{"events",
                  {{{"seq", "6-0"},
                    {"at_ms", 1000},
                    {"type", "started"},
                    {"task", "t1"},
                    {"worker", "w1"},
                    {"attempt", 2}},
                   {{"seq", "7-0"}, {"at_ms", 1001}, {"type", "registered"}, {"worker", "w2"}},
                   {{"seq", "8-0"}, {"at_ms", 1002}, {"type", "of a later version"}}}},
                 {"next", "8-0"}}));

  const auto events = driver->NextEvents(0ms);

  EXPECT_THAT(Last().url, HasSubstr("after=5-0"));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].type, EventType::kStarted);
  EXPECT_EQ(events[0].task, "t1");
  EXPECT_EQ(events[0].worker, "w1");
  EXPECT_EQ(events[0].attempt, 2);
  EXPECT_EQ(events[0].at_ms, 1000);
  EXPECT_EQ(events[1].type, EventType::kRegistered);
  EXPECT_EQ(events[1].task, "");

  Set("GET /v1/events", {503, {}, ""});
  EXPECT_THAT(driver->NextEvents(0ms), IsEmpty());
  EXPECT_THAT(Last().url, HasSubstr("after=8-0"));
}

TEST_F(HttpDriverTest, CollectReadsThenDeletes) {
  const auto driver = Driver();
  Set("GET /v1/tasks/t1", Json(200, {{"id", "t1"},
                                     {"state", "finished"},
                                     {"attempts", 1},
                                     {"worker", "w1"},
                                     {"result", {{"proof", "abc"}, {"steps", 4}}}}));
  Set("DELETE /v1/tasks/t1", {204, {}, ""});

  const auto record = driver->Collect("t1");

  ASSERT_TRUE(record.has_value());
  EXPECT_TRUE(record->finished);
  EXPECT_EQ(record->proof, "abc");
  EXPECT_EQ(record->worker, "w1");
  EXPECT_EQ(Last().method, "DELETE");
  EXPECT_FALSE(driver->Collect("none").has_value());

  Set("DELETE /v1/tasks/t1", {409, {}, "not finished"});
  EXPECT_THROW(driver->Collect("t1"), EnvironmentError);
}

TEST_F(HttpDriverTest, RecordsMayLackFields) {
  const auto driver = Driver();
  Set("GET /v1/tasks/t1",
      Json(200, {{"state", "queued"}, {"worker", nullptr}, {"result", nullptr}}));
  Set("GET /v1/tasks/t2",
      Json(200, {{"state", "failed"}, {"result", R"({"reason": "no such tool"})"}}));

  EXPECT_EQ(driver->Read("t1")->state, "queued");
  EXPECT_FALSE(driver->Read("t1")->finished);
  EXPECT_TRUE(driver->Read("t2")->failed);
  EXPECT_EQ(driver->Read("t2")->reason, "no such tool");
}

// Two steps of the stack's own code, done by hand.
class RedisDriverTest : public testing::Test {
 protected:
  RedisDriverTest() { contract_.poll_every = 10ms; }

  RedisDriverAccess Access() const {
    RedisDriverAccess access;
    access.unix_socket = server_.options().unix_socket;
    return access;
  }
  void SetState(const std::string& task, const std::string& state) {
    redis_.Command({"HSET", "team:sales:task:" + task, "state", state});
  }

  PrivateRedis server_;
  RedisClient redis_{server_.options()};
  DriverContract contract_;
};

TEST_F(RedisDriverTest, PushesTasksAndSeesThemEndOnce) {
  const auto driver = MakeRedisDriver(contract_, "sales", Access(), 200ms);
  EXPECT_FALSE(driver->ReportsWorkers());

  EXPECT_EQ(driver->Submit(MakeTask("t1")).outcome, SubmitOutcome::kAccepted);
  driver->Submit(MakeTask("t2"));
  const auto pushed = redis_.Command({"LRANGE", "team:sales:inbox", "-1", "-1"});
  EXPECT_EQ(json::parse(pushed.elements.at(0).text)["id"], "t1");
  EXPECT_FALSE(driver->Read("t1").has_value());
  SetState("t1", "running");
  SetState("t2", "failed");

  auto events = driver->NextEvents(500ms);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].type, EventType::kFailed);
  EXPECT_EQ(events[0].task, "t2");
  SetState("t1", "finished");
  events = driver->NextEvents(500ms);
  ASSERT_THAT(events, SizeIs(1)) << "t2 is not told again";
  EXPECT_EQ(events[0].type, EventType::kFinished);

  EXPECT_TRUE(driver->Collect("t1")->finished);
  EXPECT_EQ(redis_.Command({"EXISTS", "team:sales:task:t1"}).integer, 0);
}

TEST_F(RedisDriverTest, NoAnswerIsUnknownAndDeadIsRefused) {
  const auto driver = MakeRedisDriver(contract_, "sales", Access(), 100ms);
  driver->Submit(MakeTask("t0"));  // the connection stands
  server_.Freeze();
  EXPECT_EQ(driver->Submit(MakeTask("t1")).outcome, SubmitOutcome::kUnknown);
  EXPECT_THAT(driver->NextEvents(50ms), IsEmpty());
  server_.Kill();
  driver->Submit(MakeTask("t2"));
  EXPECT_EQ(driver->Submit(MakeTask("t3")).outcome, SubmitOutcome::kRefused);
  EXPECT_THROW(driver->Read("t1"), EnvironmentError);
}

// A stack as a function of its argument vector.
class CommandDriverTest : public testing::Test {
 protected:
  CommandDriverTest() {
    contract_.submit = {"enqueue", "--queue={team}", "{task}", "{payload}"};
    contract_.query = {"state", "{team}", "{task}"};
    contract_.finished = "done";
    contract_.poll_every = 10ms;
    driver_ = MakeCommandDriver(contract_, "sales", [this](const auto& arguments, auto) {
      last_ = arguments;
      return outcomes_[arguments.at(0)];
    });
  }

  DriverContract contract_;
  std::map<std::string, CommandOutcome> outcomes_;
  std::vector<std::string> last_;
  std::unique_ptr<TaskDriver> driver_;
};

TEST_F(CommandDriverTest, FillsInWhatTheCommandNeeds) {
  outcomes_["enqueue"] = {0, "", ""};

  EXPECT_EQ(driver_->Submit(MakeTask("t1")).outcome, SubmitOutcome::kAccepted);
  EXPECT_THAT(last_, testing::ElementsAre("enqueue", "--queue=sales", "t1",
                                          TaskPayload(MakeTask("t1")).dump()));
}

TEST_F(CommandDriverTest, FailedCommandSettlesNothing) {
  outcomes_["enqueue"] = {1, "", "broken pipe"};
  const SubmitResult result = driver_->Submit(MakeTask("t1"));
  EXPECT_EQ(result.outcome, SubmitOutcome::kUnknown);
  EXPECT_THAT(result.reason, HasSubstr("broken pipe"));

  outcomes_["enqueue"] = {std::nullopt, "", ""};
  EXPECT_EQ(driver_->Submit(MakeTask("t2")).outcome, SubmitOutcome::kUnknown);
}

TEST_F(CommandDriverTest, StateIsWhatTheQueryPrints) {
  outcomes_["enqueue"] = {0, "", ""};
  outcomes_["state"] = {0, "\n", ""};
  driver_->Submit(MakeTask("t1"));
  EXPECT_FALSE(driver_->Read("t1").has_value());
  EXPECT_THAT(driver_->NextEvents(20ms), IsEmpty());

  outcomes_["state"] = {0, "done\n", ""};
  const auto events = driver_->NextEvents(100ms);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].type, EventType::kFinished);
  EXPECT_TRUE(driver_->Collect("t1")->finished);

  outcomes_["state"] = {7, "", "no such file"};
  EXPECT_THROW(driver_->Read("t1"), EnvironmentError);
}

TEST(EventTypeTest, NamesGoBothWays) {
  for (const char* name :
       {"accepted", "started", "finished", "failed", "requeued", "registered", "left", "expired"}) {
    EXPECT_EQ(EventTypeName(EventTypeFromName(name).value()), name);
  }
  EXPECT_EQ(EventTypeFromName("vanished"), std::nullopt);
}

}  // namespace
}  // namespace proving_ground
