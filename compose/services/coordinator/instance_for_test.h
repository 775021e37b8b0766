// A whole coordinator in the process of a test.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "compose/services/coordinator/coordinator.h"
#include "compose/services/testing/eventually.h"
#include "compose/services/testing/http_call.h"
#include "compose/services/testing/redis_server.h"

namespace platform::testing {

inline constexpr char kTask[] = R"({"id":"t","steps":[{"think_ms":1}]})";
inline constexpr char kFinished[] = R"({"attempt":1,"outcome":"finished","result":{"proof":"p"}})";

inline CoordinatorOptions OptionsForTest(const RedisServer& server, const std::string& instance) {
  CoordinatorOptions options;
  options.team = "sales";
  options.instance = instance;
  options.listen = {"127.0.0.1", 0};
  options.redis.unix_socket = server.unix_socket();
  options.redis.command_timeout = std::chrono::milliseconds(500);
  options.redis.ping_interval = std::chrono::milliseconds(100);
  options.redis.backoff_min = std::chrono::milliseconds(5);
  options.redis.backoff_max = std::chrono::milliseconds(50);
  options.leader_lease = std::chrono::milliseconds(600);
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
  nlohmann::json Get(const std::string& target) {
    return nlohmann::json::parse(Call("GET", target).body);
  }
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

}  // namespace platform::testing
