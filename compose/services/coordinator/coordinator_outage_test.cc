// What a coordinator does while Redis refuses it, and when another instance takes its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "compose/services/common/secret_file.h"
#include "compose/services/coordinator/instance_for_test.h"
#include "compose/services/testing/eventually.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using testing::Instance;
using testing::kFinished;
using testing::kTask;
using ::testing::Not;
using testing::OptionsForTest;

// How soon after the end of an outage the stack has to be back.
constexpr milliseconds kBack{2'000};

std::string TaskBody(const std::string& id) {
  return R"({"id":")" + id + R"(","steps":[{"think_ms":1}]})";
}

// Reconnects as in production.
CoordinatorOptions ProductionOptions(const testing::RedisServer& server) {
  CoordinatorOptions options = OptionsForTest(server, "one");
  options.redis = RedisClient::Options();
  options.redis.unix_socket = server.unix_socket();
  return options;
}

struct Refusal {
  const char* code;
  std::vector<std::string> begin, end;  // commands
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.code; }

const Refusal kRefusals[] = {
    {"OOM", {"CONFIG", "SET", "maxmemory", "1"}, {"CONFIG", "SET", "maxmemory", "0"}},
    {"READONLY", {"REPLICAOF", "127.0.0.1", "1"}, {"REPLICAOF", "NO", "ONE"}},
    {"NOREPLICAS",
     {"CONFIG", "SET", "min-replicas-to-write", "1"},
     {"CONFIG", "SET", "min-replicas-to-write", "0"}},
};

class CoordinatorRefusedTest : public ::testing::TestWithParam<Refusal> {
 protected:
  testing::RedisServer server_;
};

TEST_P(CoordinatorRefusedTest, AcknowledgesNothingLosesNothingAndGoesOnAfterwards) {
  Instance one(ProductionOptions(server_));
  ASSERT_TRUE(one.BecomesReady());
  one.Call("POST", "/v1/workers/w");
  one.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(one.Call("POST", "/v1/workers/w/lease").status, 200U);
  server_.Run(GetParam().begin);

  const HttpAnswer refused = one.Call("POST", "/v1/tasks", TaskBody("refused"));
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(refused.retry_after, "1");
  EXPECT_THAT(refused.body, HasSubstr(GetParam().code));
  EXPECT_EQ(one.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 503U);
  EXPECT_EQ(one.Get("/v1/tasks/t")["state"], "running");
  EXPECT_EQ(one.Call("GET", "/v1/tasks/refused").status, 404U);
  // Longer than the lease of the leader.
  std::this_thread::sleep_for(milliseconds(800));
  EXPECT_EQ(one.Call("POST", "/v1/tasks", TaskBody("refused")).status, 503U);
  server_.Run(GetParam().end);

  const auto ended = steady_clock::now();
  EXPECT_TRUE(Eventually(
      [&] { return one.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status == 200; },
      kBack));
  RecordProperty("back_ms", std::to_string((steady_clock::now() - ended) / milliseconds(1)));
  EXPECT_EQ(one.Get("/v1/tasks/t")["attempts"], 1);
  EXPECT_EQ(one.Get("/v1/status")["accepted"], 1);
  EXPECT_EQ(one.Call("POST", "/v1/tasks", TaskBody("refused")).status, 202U);
}

TEST_P(CoordinatorRefusedTest, InboxEntriesWaitUntilTheyCanBeAdmitted) {
  server_.Run({"LPUSH", "team:sales:inbox", TaskBody("b"), TaskBody("a")});
  server_.Run({"LPUSH", "team:sales:admitting", TaskBody("left")});
  server_.Run(GetParam().begin);
  Instance one(ProductionOptions(server_));
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(server_.Run({"LLEN", "team:sales:queue"}), "0");
  server_.Run(GetParam().end);

  EXPECT_TRUE(Eventually(
      [&] {
        return server_.Run({"LRANGE", "team:sales:queue", "0", "-1"}) == "a\nb\nleft";
      },
      kBack));
}

INSTANTIATE_TEST_SUITE_P(Every, CoordinatorRefusedTest, ::testing::ValuesIn(kRefusals),
                         [](const auto& refusal) { return std::string(refusal.param.code); });

class CoordinatorOutageTest : public ::testing::Test {
 protected:
  CoordinatorOutageTest() { WritePassword("first-password"); }
  ~CoordinatorOutageTest() override { std::filesystem::remove(password_file_); }

  void WritePassword(const std::string& password) { std::ofstream(password_file_) << password; }

  CoordinatorOptions AsUser() {
    CoordinatorOptions options = ProductionOptions(server_);
    options.redis.user = "sales";
    options.redis.password = [this] { return ReadSecretFile(password_file_); };
    return options;
  }

  // No event comes from an instance that had been superseded before.
  static void ExpectEpochsNeverFall(const json& events) {
    std::uint64_t last = 0;
    for (const json& event : events) {
      EXPECT_GE(event["epoch"].get<std::uint64_t>(), last) << event;
      last = event["epoch"];
    }
  }

  const std::filesystem::path password_file_ =
      ::testing::TempDir() + "coordinator_outage_test." + std::to_string(::getpid());
  testing::RedisServer server_{
      {"appendonly yes", "user sales on >first-password ~team:sales:* +@all -@dangerous"}};
};

TEST_F(CoordinatorOutageTest, RotatedPasswordCostsNoAcknowledgedTask) {
  ::testing::internal::CaptureStdout();
  std::vector<std::string> acknowledged;
  {
    Instance one(AsUser());
    ASSERT_TRUE(one.BecomesReady());
    std::atomic<bool> stop = false;
    std::thread client([&] {
      for (int i = 0; !stop; ++i) {
        const std::string id = "t" + std::to_string(i);
        if (one.Call("POST", "/v1/tasks", TaskBody(id)).status == 202) acknowledged.push_back(id);
      }
    });
    EXPECT_TRUE(Eventually([&] { return server_.Run({"LLEN", "team:sales:queue"}) > "3"; }));
    WritePassword("second-password");
    server_.Run({"ACL", "SETUSER", "sales", "resetpass", ">second-password"});
    server_.Run({"CLIENT", "KILL", "USER", "sales"});
    EXPECT_TRUE(Eventually([&] { return one.Ready(); }, kBack));
    EXPECT_TRUE(Eventually(
        [&] { return one.Call("POST", "/v1/tasks", TaskBody("after")).status == 202; }, kBack));
    stop = true;
    client.join();
    for (const std::string& id : acknowledged) {
      EXPECT_EQ(one.Call("GET", "/v1/tasks/" + id).status, 200U) << id;
    }
  }
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(log, HasSubstr("redis_lost")) << "the connections were not cut at all";
  EXPECT_THAT(log, Not(HasSubstr("-password")));
}

TEST_F(CoordinatorOutageTest, ComesBackWhenItsUserIsSwitchedOnAgain) {
  Instance one(AsUser());
  ASSERT_TRUE(one.BecomesReady());
  server_.Run({"ACL", "SETUSER", "sales", "off"});
  server_.Run({"CLIENT", "KILL", "USER", "sales"});
  ASSERT_TRUE(Eventually([&] { return !one.Ready(); }));
  std::this_thread::sleep_for(milliseconds(1'000));  // The waits between attempts grow meanwhile.
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 503U);
  server_.Run({"ACL", "SETUSER", "sales", "on"});

  EXPECT_TRUE(Eventually([&] { return one.Ready(); }, kBack));
  EXPECT_EQ(one.Call("POST", "/v1/tasks", kTask).status, 202U);
}

TEST_F(CoordinatorOutageTest, TheStandbyRefusesUntilItTakesOver) {
  Instance one(OptionsForTest(server_, "one"));
  ASSERT_TRUE(one.BecomesReady());
  Instance two(OptionsForTest(server_, "two"));
  EXPECT_TRUE(Eventually([&] {
    return two.Call("GET", "/readyz").body.find("another instance leads") != std::string::npos;
  }));
  for (const char* path : {"/v1/status", "/v1/events", "/v1/tasks/t"}) {
    const HttpAnswer answer = two.Call("GET", path);
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.retry_after, "1");
    EXPECT_THAT(answer.body, HasSubstr("not leader"));
  }
  EXPECT_EQ(two.Call("POST", "/v1/workers/w").status, 503U);
}

TEST_F(CoordinatorOutageTest, PausedInstanceIsFencedBySuccessor) {
  const CoordinatorOptions options = OptionsForTest(server_, "one");
  Instance one(options);
  ASSERT_TRUE(one.BecomesReady());
  Instance two(OptionsForTest(server_, "two"));
  one.Call("POST", "/v1/workers/w");
  one.Call("POST", "/v1/tasks", kTask);
  ASSERT_EQ(one.Call("POST", "/v1/workers/w/lease").status, 200U);
  ASSERT_FALSE(two.Ready());

  one.Pause();
  std::vector<std::future<HttpAnswer>> late;
  for (int i = 0; i < 20; ++i) {
    late.push_back(one.CallLater("POST", "/v1/tasks", TaskBody("late" + std::to_string(i))));
  }
  late.push_back(one.CallLater("POST", "/v1/workers/w/tasks/t/finish", kFinished));
  EXPECT_TRUE(Eventually([&] { return two.Ready(); }, options.leader_lease + milliseconds(1'000)));
  EXPECT_EQ(two.Call("POST", "/v1/workers/w/tasks/t/finish", kFinished).status, 200U);
  one.Resume();

  for (auto& answer : late) EXPECT_EQ(answer.get().status, 503U);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(two.Call("GET", "/v1/tasks/late" + std::to_string(i)).status, 404U);
  }
  EXPECT_FALSE(one.Ready());
  const HttpAnswer refused = one.Call("POST", "/v1/tasks", TaskBody("later"));
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(refused.body, HasSubstr("not leader"));
  EXPECT_TRUE(two.Ready());
  const json events = two.Get("/v1/events")["events"];
  EXPECT_EQ(events.front()["epoch"], 1);
  EXPECT_EQ(events.back()["type"], "finished");
  EXPECT_EQ(events.back()["epoch"], 2);
  ExpectEpochsNeverFall(events);
}

}  // namespace
}  // namespace platform
