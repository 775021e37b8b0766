#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compose/services/common/http_client.h"
#include "compose/services/smoke/process.h"
#include "compose/services/testing/redis_server.h"

namespace platform::testing {

// One team's stack on loopback: Redis with the team's user, a gateway, a coordinator and workers.
// Secrets are made for the occasion, everything lies in a temporary directory and goes with it.
class ServiceStack {
 public:
  // `gateway_options`: besides those that it needs.
  explicit ServiceStack(int workers, std::vector<std::string> gateway_options = {});
  ~ServiceStack();

  // Starts a coordinator on the same port with the same identity, as a restarted container has.
  void StartCoordinator();

  Process& coordinator() { return *coordinator_; }
  Process& gateway() { return *gateway_; }
  // Workers are "worker-1", "worker-2", …; `index` counts from 0.
  Process& worker(std::size_t index) { return *workers_.at(index); }
  RedisServer& redis() { return redis_; }
  std::uint16_t gateway_port() const { return gateway_port_; }

  // Asks the coordinator and waits for the answer. Throws HttpUnavailable and HttpOutcomeUnknown.
  HttpResult Ask(const std::string& method, const std::string& target,
                 const std::string& body = "");

  // The JSON answer of a GET, asked until there is one with status 200. Throws std::runtime_error
  // after 15 s.
  nlohmann::json Get(const std::string& target);

  // Everything the services have logged, for the report of a failure.
  std::string Log() const;

 private:
  std::string Write(const std::string& name, const std::string& content) const;
  std::string LogFile() const { return (directory_ / "services.log").string(); }
  void StartGateway();
  void StartWorker(std::size_t number);

  boost::asio::io_context context_;
  std::filesystem::path directory_;
  RedisServer redis_;
  std::uint16_t coordinator_port_;
  std::uint16_t gateway_port_;
  std::vector<std::string> gateway_options_;
  std::unique_ptr<Process> gateway_;
  std::unique_ptr<Process> coordinator_;
  std::vector<std::unique_ptr<Process>> workers_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace platform::testing
