#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "compose/services/smoke/service_stack.h"

namespace platform {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::Optional;
using testing::ServiceStack;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kTasks = 30;
constexpr std::size_t kEntriesPerTask = 2;

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

std::string Name(int number) { return "task-" + std::to_string(number); }

// Appends to the journal, thinks, and appends again, each time with the proof so far.
std::string TaskBody(const std::string& id) {
  const json append = {{"tool", "journal_append"},
                       {"arguments", {{"entry", "${task} ${attempt} ${worker} ${proof}"}}}};
  const json think = {{"think_ms", 250}};
  json body = {{"id", id}, {"nonce", "nonce of " + id}};
  body["steps"] = json::array({append, think, append});
  return body.dump();
}

struct JournalEntry {
  std::string id;
  std::string worker;
  std::string proof;
};

class ServicesSmoke : public ::testing::Test {
 protected:
  void TearDown() override {
    if (HasFailure()) std::cerr << stack_.Log();
  }

  void Submit(const std::string& id) {
    const HttpResult result = stack_.Ask("POST", "/v1/tasks", TaskBody(id));
    ASSERT_EQ(result.status, 202U) << result.body;
  }

  // Reads what is new among the events.
  void ReadEvents() {
    const json page = stack_.Get("/v1/events?limit=500&wait_ms=300&after=" + seen_);
    for (const json& event : page["events"]) events_.push_back(event);
    seen_ = page["next"];
  }

  // Events of that type, by task or, without one, by worker.
  std::multiset<std::string> Of(const std::string& type) const {
    std::multiset<std::string> subjects;
    for (const json& event : events_) {
      if (event["type"] == type)
        subjects.insert(event.contains("task") ? event["task"] : event["worker"]);
    }
    return subjects;
  }

  // Follows the events until `count` of that type have come.
  void Await(const std::string& type, std::size_t count) {
    const auto end = steady_clock::now() + std::chrono::seconds(20);
    while (Of(type).size() < count && steady_clock::now() < end) ReadEvents();
    ASSERT_GE(Of(type).size(), count) << type;
  }

  // Kills a worker while it holds a task and returns that task. It is stopped before the
  // coordinator is asked, so that it cannot end the task in between.
  std::string KillBusyWorker(std::size_t index) {
    const std::string id = "worker-" + std::to_string(index + 1);
    const auto end = steady_clock::now() + std::chrono::seconds(10);
    while (steady_clock::now() < end) {
      stack_.worker(index).Signal(SIGSTOP);
      std::this_thread::sleep_for(milliseconds(50));  // What it has sent before is dealt with.
      const json answer = stack_.Get("/v1/workers");
      for (const json& worker : answer["workers"]) {
        if (worker["id"] != id || worker["state"] != "busy") continue;
        stack_.worker(index).Signal(SIGKILL);
        return worker["task"];
      }
      stack_.worker(index).Signal(SIGCONT);
      std::this_thread::sleep_for(milliseconds(30));
    }
    return {};
  }

  // The journal straight from Redis, by "<task> <attempt>".
  std::map<std::string, std::vector<JournalEntry>> ReadJournal() {
    std::istringstream lines(stack_.redis().Run({"XRANGE", "team:sales:journal", "-", "+"}));
    std::map<std::string, std::vector<JournalEntry>> journal;
    std::string id, field, text;
    while (std::getline(lines, id) && std::getline(lines, field) && std::getline(lines, text)) {
      std::istringstream words(text);
      std::string task, attempt;
      JournalEntry entry{id, {}, {}};
      words >> task >> attempt >> entry.worker >> entry.proof;
      journal[task + ' ' + attempt].push_back(entry);
    }
    return journal;
  }

  // Each task's result is the end of the chain through its journal entries, and each entry holds
  // the chain up to it.
  void ExpectProofs(const std::set<std::string>& tasks) {
    const auto journal = ReadJournal();
    for (const std::string& id : tasks) {
      const json task = stack_.Get("/v1/tasks/" + id);
      EXPECT_EQ(task["state"], "finished") << task;
      const auto found = journal.find(id + ' ' + std::to_string(task["attempts"].get<int>()));
      ASSERT_NE(found, journal.end()) << task;
      EXPECT_THAT(found->second, SizeIs(kEntriesPerTask)) << task;
      std::string proof = Sha256("nonce of " + id);
      for (const JournalEntry& entry : found->second) {
        EXPECT_EQ(entry.proof, proof) << id;
        EXPECT_EQ(entry.worker, task["worker"]) << id;
        proof = Sha256(proof + "\n" + entry.id);
      }
      EXPECT_EQ(task["result"]["proof"], proof) << id;
    }
  }

  // SIGTERM ends all that still run: the workers say goodbye first.
  void ExpectOrderlyEnd() {
    for (const std::size_t index : {0, 2}) {
      RecordProperty("worker_rss_kib", std::to_string(stack_.worker(index).ResidentKib()));
      stack_.worker(index).Signal(SIGTERM);
      EXPECT_THAT(stack_.worker(index).WaitForEnd(milliseconds(5'000)), Optional(0));
    }
    Await("left", 2);
    EXPECT_EQ(Of("left"), (std::multiset<std::string>{"worker-1", "worker-3"}));
    for (testing::Process* process : {&stack_.coordinator(), &stack_.gateway()}) {
      process->Signal(SIGTERM);
      EXPECT_THAT(process->WaitForEnd(milliseconds(8'000)), Optional(0));
    }
  }

  ServiceStack stack_{3};
  std::vector<json> events_;
  std::string seen_ = "0-0";
};

TEST_F(ServicesSmoke, EveryTaskIsFinishedOnceThoughAWorkerAndTheCoordinatorAreKilled) {
  ASSERT_TRUE(stack_.Get("/readyz")["ready"]);
  Await("registered", 3);
  std::set<std::string> tasks;
  for (int i = 0; i < kTasks; ++i) {
    Submit(Name(i));
    tasks.insert(Name(i));
  }
  Submit(Name(0));  // Again: no second task.

  Await("finished", 5);
  const std::string orphan = KillBusyWorker(1);
  ASSERT_NE(orphan, "") << "the worker never held a task";
  Await("finished", 10);
  stack_.coordinator().Signal(SIGKILL);
  ASSERT_THAT(stack_.coordinator().WaitForEnd(milliseconds(5'000)), Optional(-SIGKILL));
  stack_.StartCoordinator();
  Await("finished", kTasks);

  EXPECT_EQ(Of("accepted"), std::multiset<std::string>(tasks.begin(), tasks.end()));
  EXPECT_EQ(Of("finished"), std::multiset<std::string>(tasks.begin(), tasks.end()));
  EXPECT_EQ(Of("failed").size(), 0U);
  EXPECT_EQ(Of("requeued"), std::multiset<std::string>{orphan})
      << "only the killed worker's task starts over";
  ExpectProofs(tasks);
  ExpectOrderlyEnd();
}

// Sends the start of a request and no more; returns the first line of the answer, empty when none
// came in `time`.
std::string AnswerToHalfARequest(std::uint16_t port, const std::string& start, milliseconds time) {
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  const asio::ip::tcp::endpoint gateway(asio::ip::address_v4::loopback(), port);
  boost::system::error_code error;
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  do {  // it may not listen yet
    socket.close(error);
    std::this_thread::sleep_for(milliseconds(20));
    socket.connect(gateway, error);
  } while (error && steady_clock::now() < end);
  asio::write(socket, asio::buffer(start), error);
  std::string answer;
  asio::async_read_until(socket, asio::dynamic_buffer(answer), "\r\n",
                         [](const boost::system::error_code&, std::size_t) {});
  context.run_for(time);
  socket.close(error);
  return answer.substr(0, answer.find('\r'));
}

TEST(GatewaySmoke, SlowClientsAreSentAwayInTheTimeThatItsOptionsSay) {
  const ServiceStack stack(0, {"--header-timeout=200ms", "--body-timeout=300ms"});
  const milliseconds before_the_defaults(3'000);

  EXPECT_THAT(AnswerToHalfARequest(stack.gateway_port(), "POST /mcp HT", before_the_defaults),
              StartsWith("HTTP/1.1 408"));
  EXPECT_THAT(AnswerToHalfARequest(stack.gateway_port(),
                                   "POST /mcp HTTP/1.1\r\nHost: localhost\r\n"
                                   "Content-Length: 10\r\n\r\n{",
                                   before_the_defaults),
              StartsWith("HTTP/1.1 408"));
}

TEST(GatewaySmoke, TimesOfZeroAreRefused) {
  for (const std::string flag : {"--header-timeout", "--body-timeout"}) {
    ServiceStack stack(0, {flag + "=0s"});

    EXPECT_THAT(stack.gateway().WaitForEnd(milliseconds(5'000)), Optional(2));
    EXPECT_THAT(stack.Log(), HasSubstr(flag + " is zero; make it longer"));
  }
}

}  // namespace
}  // namespace platform
