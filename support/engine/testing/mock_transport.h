// An engine played by the test.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "support/engine/engine.h"

namespace proving_ground {

// Lets GoogleMock print requests as people read them.
inline void PrintTo(const Request& request, std::ostream* out) {
  *out << request.method << " " << request.target << " " << request.body;
}

class MockTransport : public Transport {
 public:
  MOCK_METHOD(Response, Send, (const Request& request), (override));
  MOCK_METHOD(Response, Stream,
              (const Request& request, const BodySink& sink, std::stop_token stop), (override));
  std::string Address() const override { return "unix:///played-by-the-test"; }
};

inline Response Answer(std::string body, int status = 200) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

// The answer of an engine to a question for its versions.
inline Response VersionAnswer(const std::string& newest, const std::string& oldest) {
  return Answer(R"({"Version":"20.10.24","ApiVersion":")" + newest + R"(","MinAPIVersion":")" +
                oldest + R"("})");
}

inline std::optional<std::string> EmptyEnvironment(const std::string&) { return std::nullopt; }

MATCHER_P2(RequestTo, method, target, "") {
  return arg.method == std::string(method) && arg.target == std::string(target);
}

// An Engine that speaks version 1.41 to `transport`, on which nothing may be expected yet.
inline Engine EngineOver(std::unique_ptr<::testing::NiceMock<MockTransport>> transport) {
  ON_CALL(*transport, Send(RequestTo("GET", "/version")))
      .WillByDefault(::testing::Return(VersionAnswer("1.41", "1.12")));
  const EngineAddress address = {
      .url = "unix:///played-by-the-test", .socket_path = "", .host = "127.0.0.1"};
  return Engine(std::move(transport), address, EmptyEnvironment);
}

}  // namespace proving_ground
