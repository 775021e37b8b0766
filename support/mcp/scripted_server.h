// An HTTP server of a test's own on a free loopback port, whose answers are a function.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "support/mcp/http_client.h"

namespace proving_ground {

class ScriptedServer {
 public:
  // One request as it came in: `url` holds the target, header names are in lower case.
  using Answer = std::function<HttpResult(const HttpRequest&)>;

  // `answer` is called from the threads of the connections; a status of 0 closes the connection
  // without an answer.
  explicit ScriptedServer(Answer answer);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const;  // "http://127.0.0.1:<port>"
  int connections() const;

 private:
  class Acceptor;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace proving_ground
