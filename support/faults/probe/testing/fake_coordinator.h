// For tests: a coordinator and gateway on a loopback address, which can be down, hang or refuse.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {

// Serves POST /v1/tasks, GET /v1/events and memory_put at POST /mcp. Every task finishes a while
// after it was accepted.
class FakeCoordinator {
 public:
  enum class Mode {
    kServing,
    kDown,      // connections are refused, and those that were there are reset
    kHanging,   // connections are accepted, requests read and not answered; they are once it serves
    kRefusing,  // status 503 for everything
    kForgetful,  // tasks are taken and the connection is closed without an answer
  };

  explicit FakeCoordinator(const std::string& address = "127.0.0.1", int port = 0,
                           std::chrono::milliseconds task_takes = std::chrono::milliseconds(20));
  ~FakeCoordinator();
  FakeCoordinator(const FakeCoordinator&) = delete;
  FakeCoordinator& operator=(const FakeCoordinator&) = delete;

  int port() const { return port_; }
  // Returns when that had taken effect.
  Clock::time_point Set(Mode mode);
  // How often each task id or key was received, answered or not.
  std::map<std::string, int> Received() const;
  int open_connections() const;

 private:
  struct Connection {
    FileDescriptor socket;
    std::string input;
    // A request that is not answered yet: a long poll, or any while hanging.
    std::optional<Clock::time_point> waits_until;
    std::size_t after = 0;
  };
  struct Event {
    std::string type;
    std::string task;
  };

  void Listen();
  void Serve(const std::stop_token& stop);
  void Apply();
  void Accept();
  // False when the connection is to be closed.
  bool Read(Connection& connection);
  bool AnswerRequests(Connection& connection);
  bool AnswerOne(Connection& connection, const std::string& head, const std::string& body);
  bool AnswerEvents(Connection& connection);
  void FinishTasks();

  const std::string address_;
  const std::chrono::milliseconds task_takes_;
  int port_ = 0;
  FileDescriptor listener_;
  FileDescriptor wake_;
  std::vector<Connection> connections_;
  std::deque<std::pair<Clock::time_point, std::string>> running_;
  std::vector<Event> events_;

  mutable std::mutex mutex_;
  Mode mode_ = Mode::kServing;
  std::optional<Mode> wanted_;
  Clock::time_point applied_at_;
  std::map<std::string, int> received_;
  std::size_t open_connections_ = 0;
  std::jthread thread_;
};

}  // namespace proving_ground
