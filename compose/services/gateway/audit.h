#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "compose/services/gateway/metrics.h"

namespace platform {

// A request that was refused, and on whose behalf.
struct Denial {
  std::string_view reason;  // a constant: "host", "token", "team", "limit" or "tool"
  std::string_view team;    // of the verified token; empty when nobody was identified
  std::string_view tool;
  bool tool_exists = false;  // for the log alone: the metric can be read by callers
  std::string_view subject;
  std::string_view token_id;
};

class Audit {
 public:
  virtual ~Audit() = default;
  virtual void Denied(const Denial& denial) = 0;
};

// Counts every denial and logs it as event "denied". Of one team (or of nobody) at most
// kLinesPerSecond are logged in a second, so that a flood of refusals neither fills the disk nor
// slows the other teams; the next line then says how many were left out. Thread-safe.
class LoggingAudit : public Audit {
 public:
  static constexpr int kLinesPerSecond = 100;

  explicit LoggingAudit(
      GatewayMetrics& metrics,
      std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now)
      : metrics_(metrics), now_(std::move(now)) {}

  void Denied(const Denial& denial) override;

 private:
  struct Window {
    std::chrono::steady_clock::time_point start;
    int lines = 0;
    long long suppressed = 0;
  };

  GatewayMetrics& metrics_;
  const std::function<std::chrono::steady_clock::time_point()> now_;
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>>
      windows_;  // by team: verified teams and "", so it is bounded
};

}  // namespace platform
