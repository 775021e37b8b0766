#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <string>

#include "compose/services/common/http_client.h"
#include "compose/services/worker/coordinator_link.h"

namespace platform {

// Speaks the coordinator's HTTP protocol (POST /v1/workers/{id}, .../heartbeat, .../lease,
// .../tasks/{task}/finish).
class HttpCoordinatorLink : public CoordinatorLink {
 public:
  struct Options {
    HttpClient::Options server;
    std::string worker_id;
    std::chrono::milliseconds deadline{
        2'000};  // Of each request; a lease request waits so much longer than asked.
  };

  HttpCoordinatorLink(boost::asio::any_io_executor executor, Options options);

  boost::asio::awaitable<Registration> Register() override;
  boost::asio::awaitable<Answer> Heartbeat(std::optional<TaskRef> task) override;
  boost::asio::awaitable<LeaseAnswer> Lease(std::chrono::milliseconds wait) override;
  boost::asio::awaitable<Answer> Finish(TaskRef task, TaskOutcome outcome) override;
  boost::asio::awaitable<void> Leave() override;
  void Abort() override { client_.Abort(); }

 private:
  // Sends a request about this worker. `path` is what follows its id.
  boost::asio::awaitable<HttpResult> Send(std::string method, std::string path, std::string body,
                                          std::chrono::milliseconds deadline);

  Options options_;
  HttpClient client_;
};

}  // namespace platform
