#include "compose/services/coordinator/coordinator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "compose/services/coordinator/instance_for_test.h"
#include "compose/services/testing/eventually.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using testing::Instance;
using testing::kFinished;
using testing::kTask;
using testing::OptionsForTest;

class CoordinatorTest : public ::testing::Test {
 protected:
  testing::RedisServer server_;
};

TEST_F(CoordinatorTest, TaskRunsFromSubmissionToResult) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/workers/w").status, 200U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/lease").status, 204U);
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);

  const json task = json::parse(one.Call("POST", "/v1/workers/w/lease").body);
  EXPECT_EQ(task["id"], "t");
  EXPECT_EQ(task["attempt"], 1);
  EXPECT_EQ(one.Get("/v1/workers")["workers"][0]["state"], "busy");
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/heartbeat", R"({"task":"t","attempt":1})").status,
            200U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U) << "repeated";

  const json record = one.Get("/v1/tasks/t");
  EXPECT_EQ(record["state"], "finished");
  EXPECT_EQ(record["worker"], "w");
  EXPECT_EQ(record["result"]["proof"], "p");
  EXPECT_EQ(one.Get("/v1/status")["finished"], 1);
  EXPECT_EQ(one.Call("DELETE", "/v1/tasks/t").status, 204U);
  EXPECT_EQ(one.Call("GET", "/v1/tasks/t").status, 404U);
  EXPECT_EQ(one.Call("DELETE", "/v1/workers/w").status, 204U);
  EXPECT_THAT(one.Call("GET", "/metrics").body,
              HasSubstr("coordinator_tasks_total{outcome=\"finished\"} 1"));
}

TEST_F(CoordinatorTest, SubmissionIsIdempotent) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  const char* other = R"({"id":"t","steps":[{"think_ms":2}]})";
  EXPECT_EQ(one.Call("POST", "/v1/tasks", other).status, 409U);
  EXPECT_EQ(one.Get("/v1/status")["accepted"], 1);
}

TEST_F(CoordinatorTest, BadRequestsAreRefused) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", "{}").status, 400U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/a:b").status, 400U);
  EXPECT_EQ(one.Call("GET", "/v1/events?after=x").status, 400U);
  EXPECT_EQ(one.Call("GET", "/v1/events?limit=-1").status, 400U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/tasks/t/finish", "{}").status, 400U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/heartbeat", R"({"task":7})").status, 400U);
  EXPECT_EQ(one.Call("GET", "/v1/nothing").status, 404U);
  EXPECT_EQ(one.Call("PUT", "/v1/tasks").status, 405U);
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/heartbeat").status, 404U) << "not registered";
}

TEST_F(CoordinatorTest, LongPollsAreAnsweredByEvents) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  one.Call("POST", "/v1/workers/w");
  const std::string now = one.Get("/v1/events?after=$")["next"];
  auto events = one.CallLater("GET", "/v1/events?wait_ms=9000&after=" + now);
  auto lease = one.CallLater("POST", "/v1/workers/w/lease?wait_ms=9000");
  one.Call("POST", "/v1/tasks", kTask);
  EXPECT_EQ(json::parse(lease.get().body)["id"], "t");
  const json page = json::parse(events.get().body);
  EXPECT_EQ(page["events"][0]["type"], "accepted");
  EXPECT_EQ(page["next"], page["events"].back()["seq"]);
}

TEST_F(CoordinatorTest, TaskOfSilentWorkerIsReassigned) {
  CoordinatorOptions options = OptionsForTest(server_, "one");
  options.worker_lease = milliseconds(150);
  Instance one(std::move(options));
  ASSERT_TRUE(one.BecomesReady());
  one.Call("POST", "/v1/workers/silent");
  one.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(one.Call("POST", "/v1/workers/silent/lease").status, 200U);

  HttpAnswer lease;
  ASSERT_TRUE(Eventually([&] {
    one.Call("POST", "/v1/workers/other");
    lease = one.Call("POST", "/v1/workers/other/lease");
    return lease.status == 200;
  }));
  EXPECT_EQ(json::parse(lease.body)["attempt"], 2);
  EXPECT_EQ(one.Call("POST", "/v1/workers/silent/tasks/t/finish", kFinished).status, 409U);
  EXPECT_EQ(one.Get("/v1/status")["requeued"], 1);
}

TEST_F(CoordinatorTest, RestartedInstanceKeepsWorkersAndTheirTasks) {
  Instance before(OptionsForTest(server_, "one"));
  ASSERT_TRUE(before.BecomesReady());
  before.Call("POST", "/v1/workers/w");
  before.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(before.Call("POST", "/v1/workers/w/lease").status, 200U);
  before.Pause();  // as good as killed

  Instance after(OptionsForTest(server_, "one"));
  ASSERT_TRUE(after.BecomesReady());
  EXPECT_EQ(after.Get("/v1/workers")["workers"][0]["task"], "t");
  EXPECT_EQ(after.Call("POST", "/v1/workers/w/heartbeat", R"({"task":"t","attempt":1})").status,
            200U);
  EXPECT_EQ(after.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
}

TEST_F(CoordinatorTest, NothingIsAcknowledgedWhileRedisIsAway) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  server_.Kill();
  const HttpAnswer refused = one.Call("POST", "/v1/tasks", kTask);
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(refused.retry_after, "1");
  EXPECT_FALSE(one.Ready());
  EXPECT_EQ(one.Call("GET", "/healthz").status, 200U);

  server_.Start();
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("GET", "/v1/tasks/t").status, 404U);
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
}

TEST_F(CoordinatorTest, UnknownOutcomeIsNotAcknowledgedAndCanBeRepeated) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  server_.Pause();
  const HttpAnswer answer = one.Call("POST", "/v1/tasks", kTask);
  EXPECT_EQ(answer.status, 504U) << "503 would mean that nothing was changed";
  EXPECT_EQ(answer.retry_after, "1");
  server_.Resume();
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  EXPECT_EQ(one.Get("/v1/status")["accepted"], 1);
}

TEST_F(CoordinatorTest, LeasesOutliveAnOutageOfRedis) {
  CoordinatorOptions options = OptionsForTest(server_, "one");
  options.worker_lease = milliseconds(1000);
  Instance one(std::move(options));
  ASSERT_TRUE(one.BecomesReady());
  one.Call("POST", "/v1/workers/w");
  one.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(one.Call("POST", "/v1/workers/w/lease").status, 200U);
  server_.Kill();
  std::this_thread::sleep_for(milliseconds(1200));  // longer than the lease
  server_.Start();
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
  EXPECT_EQ(one.Get("/v1/tasks/t")["attempts"], 1);
}

TEST_F(CoordinatorTest, InboxIsAdmittedInOrderAndLeftoversFirst) {
  const auto entry = [](const std::string& id) {
    return R"({"id":")" + id + R"(","steps":[{"think_ms":1}]})";
  };
  server_.Run({"LPUSH", "team:sales:admitting", entry("left-by-a-crash")});
  server_.Run({"LPUSH", "team:sales:inbox", entry("first"), "nonsense", entry("second")});
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  ASSERT_TRUE(Eventually([&] { return one.Get("/v1/status")["accepted"] == 3; }));
  EXPECT_EQ(server_.Run({"LRANGE", "team:sales:queue", "0", "-1"}),
            "second\nfirst\nleft-by-a-crash");
  EXPECT_THAT(server_.Run({"LRANGE", "team:sales:rejected", "0", "-1"}), HasSubstr("nonsense"));
  EXPECT_EQ(server_.Run({"LLEN", "team:sales:admitting"}), "0");
}

TEST_F(CoordinatorTest, StopAnswersLongPollsAndGivesLeadershipBack) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  one.Call("POST", "/v1/workers/w");
  auto poll = one.CallLater("POST", "/v1/workers/w/lease?wait_ms=9000");
  ASSERT_TRUE(Eventually([&] {
    return one.Call("GET", "/metrics").body.find("coordinator_workers_waiting 1") !=
           std::string::npos;
  }));
  one.Stop();
  EXPECT_EQ(poll.get().status, 503U);
  EXPECT_TRUE(Eventually([&] { return server_.Run({"GET", "team:sales:leader"}) == "(nil)"; }));
}

}  // namespace
}  // namespace platform
