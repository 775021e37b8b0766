// How requests travel to a container engine: an interface, so that tests can play the engine.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

#include "support/base/errors.h"

namespace proving_ground {

// One HTTP request to the engine.
struct Request {
  std::string method = "GET";
  std::string target;                             // path and query, for example "/v1.41/info"
  std::string body;                               // empty: none
  std::string content_type = "application/json";  // of the body
  // Time for the whole exchange; zero: no limit.
  std::chrono::milliseconds timeout{60'000};
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// The engine cannot be reached, or the exchange broke off or took too long.
class TransportError : public EnvironmentError {
 public:
  using EnvironmentError::EnvironmentError;
};

// Receives a piece of a streamed body. Pieces are cut anywhere.
using BodySink = std::function<void(std::string_view)>;

// All members may be called from several threads at once.
class Transport {
 public:
  virtual ~Transport() = default;

  // Sends a request and waits for the whole answer, whatever its status. Throws TransportError, and
  // Interrupted when the process was asked to end.
  virtual Response Send(const Request& request) = 0;

  // The same, with the body of a successful (2xx) answer handed to `sink` piece by piece; the body
  // of any other answer is in the response. Returns when the engine ends the stream or `stop` is
  // requested; what `sink` throws passes through.
  virtual Response Stream(const Request& request, const BodySink& sink, std::stop_token stop) = 0;

  // Where requests go, for messages: "unix:///var/run/docker.sock".
  virtual std::string Address() const = 0;
};

}  // namespace proving_ground
