#include "compose/services/worker/fake_stack.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <regex>

namespace platform::testing {

namespace asio = boost::asio;
using nlohmann::json;

namespace {

std::optional<ScriptedReply> Next(std::deque<ScriptedReply>& script) {
  if (script.empty()) return std::nullopt;
  ScriptedReply reply = script.front();
  script.pop_front();
  return reply;
}

ScriptedReply Json(const json& body, unsigned status = 200) {
  return {.status = status, .body = body.dump()};
}
ScriptedReply Status(unsigned status) { return {.status = status}; }

}  // namespace

FakeCoordinator::FakeCoordinator(asio::any_io_executor executor)
    : server(executor, [this](ScriptedRequest request) { return Reply(std::move(request)); }),
      executor_(executor) {}

asio::awaitable<ScriptedReply> FakeCoordinator::Reply(ScriptedRequest request) {
  static const std::regex kTarget(
      R"(/v1/workers/([^/?]+)(?:/(heartbeat)|/(lease)\?wait_ms=\d+|/tasks/([^/]+)/finish)?)");
  std::smatch match;
  if (!std::regex_match(request.target, match, kTarget)) co_return Status(400);
  const std::string worker = match[1];
  const json body = json::parse(request.body.empty() ? "{}" : request.body);
  if (request.method == "DELETE") {
    if (auto scripted = Next(leave_script)) co_return *scripted;
    ++left;
    workers.erase(worker);
    co_return Status(204);
  }
  if (match[2].matched) co_return Heartbeat(worker, body);
  if (match[4].matched) co_return Finish(worker, match[4], body);
  if (match[3].matched) co_return co_await Lease(worker);
  ++registrations;
  if (auto scripted = Next(register_script)) co_return *scripted;
  workers.insert(worker);
  const json answer = {{"heartbeat_ms", heartbeat_ms}, {"lease_ms", lease_ms}, {"epoch", 1}};
  co_return Json(answer);
}

asio::awaitable<ScriptedReply> FakeCoordinator::Lease(std::string worker) {
  ++leases;
  if (!workers.contains(worker)) co_return Status(404);
  if (held.contains(worker) && lease_script.empty()) co_return Json(held[worker]);
  asio::steady_timer timer(executor_);
  for (int i = 0; i < 50 && queue.empty() && lease_script.empty(); ++i) {
    timer.expires_after(std::chrono::milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
  }
  if (!queue.empty()) {
    held[worker] = queue.front();
    queue.pop_front();
  }
  if (auto scripted = Next(lease_script)) co_return *scripted;
  if (!held.contains(worker)) co_return Status(204);
  co_return Json(held[worker]);
}

ScriptedReply FakeCoordinator::Heartbeat(const std::string& worker, const json& body) {
  heartbeats.push_back(body);
  if (auto scripted = Next(heartbeat_script)) return *scripted;
  return Status(workers.contains(worker) ? 200 : 404);
}

ScriptedReply FakeCoordinator::Finish(const std::string& worker, const std::string& task,
                                      const json& body) {
  ++reports;
  if (auto scripted = Next(finish_script)) return *scripted;
  if (!workers.contains(worker)) return Status(404);
  finished.push_back({worker, task, body});
  held.erase(worker);
  return Status(200);
}

FakeGateway::FakeGateway(asio::any_io_executor executor)
    : server(executor, [this](ScriptedRequest request) { return Reply(std::move(request)); }) {}

asio::awaitable<ScriptedReply> FakeGateway::Reply(ScriptedRequest request) {
  if (auto scripted = Next(script)) co_return *scripted;
  const json message = json::parse(request.body);
  const json arguments = message["params"]["arguments"];
  calls.push_back(arguments);
  const bool broken = message["params"]["name"] == "broken";
  answers.push_back("echo " + std::to_string(calls.size()) + ": " + arguments.value("text", ""));
  json part;
  part["type"] = "text";
  part["text"] = answers.back();
  json answer;
  answer["jsonrpc"] = "2.0";
  answer["id"] = message["id"];
  answer["result"]["content"] = json::array();
  answer["result"]["content"].push_back(part);
  answer["result"]["isError"] = broken;
  co_return Json(answer);
}

}  // namespace platform::testing
