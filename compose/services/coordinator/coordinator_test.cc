#include "compose/services/coordinator/coordinator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "compose/services/testing/eventually.h"
#include "compose/services/testing/http_call.h"
#include "compose/services/testing/redis_server.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using testing::CallHttp;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::HttpAnswer;

constexpr char kTask[] = R"({"id":"t","steps":[{"think_ms":1}]})";
constexpr char kFinished[] = R"({"attempt":1,"outcome":"finished","result":{"proof":"p"}})";

CoordinatorOptions Options(const testing::RedisServer& server, const std::string& instance) {
  CoordinatorOptions options;
  options.team = "sales";
  options.instance = instance;
  options.listen = {"127.0.0.1", 0};
  options.redis.unix_socket = server.unix_socket();
  options.redis.command_timeout = milliseconds(500);
  options.redis.ping_interval = milliseconds(100);
  options.redis.backoff_min = milliseconds(5);
  options.redis.backoff_max = milliseconds(50);
  options.leader_lease = milliseconds(600);
  return options;
}

// A coordinator on a thread of its own, stopped as by SIGTERM in the destructor.
class Instance {
 public:
  explicit Instance(CoordinatorOptions options) : coordinator_(context_, std::move(options)) {
    coordinator_.Start();
    thread_ = std::thread([this] { context_.run(); });
  }

  ~Instance() {
    Resume();
    Stop();
    thread_.join();
  }

  void Stop() {
    if (std::exchange(stopped_, true)) return;
    asio::post(context_, [this] { asio::co_spawn(context_, coordinator_.Stop(), asio::detached); });
  }

  // Like SIGSTOP: nothing of it runs until Resume().
  void Pause() {
    paused_.emplace();
    asio::post(context_, [end = paused_->get_future().share()] { end.wait(); });
  }
  void Resume() {
    if (paused_) paused_->set_value();
    paused_.reset();
  }

  HttpAnswer Call(const std::string& method, const std::string& target,
                  const std::string& body = "") {
    return CallHttp(coordinator_.port(), method, target, body);
  }
  json Get(const std::string& target) { return json::parse(Call("GET", target).body); }
  std::future<HttpAnswer> CallLater(std::string method, std::string target, std::string body = "") {
    return std::async(std::launch::async,
                      [this, method, target, body] { return Call(method, target, body); });
  }

  bool Ready() { return Call("GET", "/readyz").status == 200; }
  bool BecomesReady() {
    return Eventually([this] { return Ready(); });
  }

 private:
  asio::io_context context_{1};
  Coordinator coordinator_;
  std::thread thread_;
  std::optional<std::promise<void>> paused_;
  bool stopped_ = false;
};

class CoordinatorTest : public ::testing::Test {
 protected:
  testing::RedisServer server_;
};

TEST_F(CoordinatorTest, TaskRunsFromSubmissionToResult) {
  Instance one(Options(server_, "one"));
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
  Instance one(Options(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  const char* other = R"({"id":"t","steps":[{"think_ms":2}]})";
  EXPECT_EQ(one.Call("POST", "/v1/tasks", other).status, 409U);
  EXPECT_EQ(one.Get("/v1/status")["accepted"], 1);
}

TEST_F(CoordinatorTest, BadRequestsAreRefused) {
  Instance one(Options(server_, "one"));
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
  Instance one(Options(server_, "one"));
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
  CoordinatorOptions options = Options(server_, "one");
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

TEST_F(CoordinatorTest, PausedInstanceIsFencedBySuccessor) {
  Instance one(Options(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  Instance two(Options(server_, "two"));
  one.Call("POST", "/v1/workers/w");
  one.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(one.Call("POST", "/v1/workers/w/lease").status, 200U);
  ASSERT_FALSE(two.Ready());

  one.Pause();
  auto late = one.CallLater("POST", "/v1/tasks", R"({"id":"late","steps":[{"think_ms":1}]})");
  ASSERT_TRUE(two.BecomesReady());
  EXPECT_EQ(two.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
  one.Resume();

  EXPECT_EQ(late.get().status, 503U);
  EXPECT_EQ(two.Call("GET", "/v1/tasks/late").status, 404U);
  EXPECT_FALSE(one.Ready());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 503U);
  EXPECT_TRUE(two.Ready());
}

TEST_F(CoordinatorTest, RestartedInstanceKeepsWorkersAndTheirTasks) {
  Instance before(Options(server_, "one"));
  ASSERT_TRUE(before.BecomesReady());
  before.Call("POST", "/v1/workers/w");
  before.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(before.Call("POST", "/v1/workers/w/lease").status, 200U);
  before.Pause();  // as good as killed

  Instance after(Options(server_, "one"));
  ASSERT_TRUE(after.BecomesReady());
  EXPECT_EQ(after.Get("/v1/workers")["workers"][0]["task"], "t");
  EXPECT_EQ(after.Call("POST", "/v1/workers/w/heartbeat", R"({"task":"t","attempt":1})").status,
            200U);
  EXPECT_EQ(after.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
}

TEST_F(CoordinatorTest, NothingIsAcknowledgedWhileRedisIsAway) {
  Instance one(Options(server_, "one"));
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
  Instance one(Options(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  server_.Pause();
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 503U);
  server_.Resume();
  ASSERT_TRUE(one.BecomesReady());
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
  EXPECT_EQ(one.Get("/v1/status")["accepted"], 1);
}

TEST_F(CoordinatorTest, LeasesOutliveAnOutageOfRedis) {
  CoordinatorOptions options = Options(server_, "one");
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
  Instance one(Options(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  ASSERT_TRUE(Eventually([&] { return one.Get("/v1/status")["accepted"] == 3; }));
  EXPECT_EQ(server_.Run({"LRANGE", "team:sales:queue", "0", "-1"}),
            "second\nfirst\nleft-by-a-crash");
  EXPECT_THAT(server_.Run({"LRANGE", "team:sales:rejected", "0", "-1"}), HasSubstr("nonsense"));
  EXPECT_EQ(server_.Run({"LLEN", "team:sales:admitting"}), "0");
}

TEST_F(CoordinatorTest, StopAnswersLongPollsAndGivesLeadershipBack) {
  Instance one(Options(server_, "one"));
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
