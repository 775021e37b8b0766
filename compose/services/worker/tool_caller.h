#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>

#include "compose/services/common/awaitable.h"

namespace platform {

// The gateway gave no answer to a call, or asked to come again: the same call may be repeated.
class GatewayUnavailable : public std::runtime_error {
 public:
  explicit GatewayUnavailable(const std::string& what, std::chrono::milliseconds retry_after = {})
      : std::runtime_error(what), retry_after_(retry_after) {}

  // How long the gateway asked to stay away; zero if it did not say.
  std::chrono::milliseconds retry_after() const { return retry_after_; }

 private:
  std::chrono::milliseconds retry_after_;
};

struct ToolResult {
  bool succeeded = false;
  std::string text;    // The first text content of the answer; empty if it has none.
  std::string reason;  // Why the call was refused or failed; empty when it succeeded.
};

// Calls tools, one at a time.
class ToolCaller {
 public:
  virtual ~ToolCaller() = default;

  // Throws GatewayUnavailable when no verdict on the call was reached.
  virtual boost::asio::awaitable<ToolResult> Call(std::string tool, nlohmann::json arguments) = 0;

  // Ends the call in flight with GatewayUnavailable.
  virtual void Abort() = 0;
};

}  // namespace platform
