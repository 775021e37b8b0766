// An HTTP server that does what a test tells it, also what no decent server does.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compose/services/common/awaitable.h"

namespace platform::testing {

struct ScriptedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // The first header of that name (case-insensitive), or an empty view.
  std::string_view Header(std::string_view name) const;
};

struct ScriptedReply {
  enum class Manner {
    kAnswer,
    kSilence,     // Never answers and keeps the connection open, as behind a network partition.
    kHangUp,      // Closes the connection without an answer.
    kHalfAnswer,  // Sends the header and one byte less than the body, then closes.
    kThenHangUp,  // Answers as if the connection were kept, then closes it.
  };

  unsigned status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Manner manner = Manner::kAnswer;
};

// Listens on a free port of 127.0.0.1. Everything runs on the executor, which one thread drives.
class ScriptedServer {
 public:
  using Handler = std::function<boost::asio::awaitable<ScriptedReply>(ScriptedRequest)>;

  ScriptedServer(boost::asio::any_io_executor executor, Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const;

  // Connections accepted so far.
  int connections() const;

  // Dies: nobody listens any more, and all connections are closed.
  void Disappear();

  // Listens again on the same port.
  void Reappear();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace platform::testing
