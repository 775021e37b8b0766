// A coordinator and a gateway for the worker's tests. They follow the protocols and do as the test
// says.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compose/services/testing/scripted_server.h"

namespace platform::testing {

// One coordinator with one queue. Set a script to have the next requests of a kind answered
// otherwise.
class FakeCoordinator {
 public:
  explicit FakeCoordinator(boost::asio::any_io_executor executor);

  // What the real one would keep in Redis.
  struct Report {
    std::string worker;
    std::string task;
    nlohmann::json body;
  };
  std::deque<nlohmann::json> queue;  // Tasks to hand out: {"id","nonce","attempt","steps"}.
  std::map<std::string, nlohmann::json> held;  // By worker.
  std::set<std::string> workers;
  std::vector<Report> finished;

  // What was seen of the worker.
  int registrations = 0;
  int leases = 0;
  int reports = 0;  // Also those answered by the script.
  int left = 0;
  std::vector<nlohmann::json> heartbeats;

  std::deque<ScriptedReply> register_script;
  std::deque<ScriptedReply>
      lease_script;  // A task is handed out all the same: the answer gets lost.
  std::deque<ScriptedReply> heartbeat_script;
  std::deque<ScriptedReply> finish_script;
  std::deque<ScriptedReply> leave_script;
  int heartbeat_ms = 100;
  int lease_ms = 2'000;

  ScriptedServer server;

 private:
  boost::asio::awaitable<ScriptedReply> Reply(ScriptedRequest request);
  boost::asio::awaitable<ScriptedReply> Lease(std::string worker);
  ScriptedReply Finish(const std::string& worker, const std::string& task,
                       const nlohmann::json& body);
  ScriptedReply Heartbeat(const std::string& worker, const nlohmann::json& body);

  boost::asio::any_io_executor executor_;
};

// A gateway whose tool "echo" answers "echo <n>: <its argument text>" and whose tool "broken"
// fails.
class FakeGateway {
 public:
  explicit FakeGateway(boost::asio::any_io_executor executor);

  std::vector<nlohmann::json> calls;  // The arguments of the calls that were executed.
  std::vector<std::string> answers;
  std::deque<ScriptedReply> script;  // Answers given instead of executing a call.

  ScriptedServer server;

 private:
  boost::asio::awaitable<ScriptedReply> Reply(ScriptedRequest request);
};

}  // namespace platform::testing
