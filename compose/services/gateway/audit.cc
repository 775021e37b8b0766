#include "compose/services/gateway/audit.h"

#include "compose/services/common/log.h"

namespace platform {
namespace {

// Enough to recognise any real name by; what a caller sends may be a megabyte.
constexpr std::size_t kMaxLoggedName = 128;

}  // namespace

void LoggingAudit::Denied(const Denial& denial) {
  metrics_.CountDenial(denial.team, denial.reason);
  long long suppressed = 0;
  {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    Window& window = windows_[std::string(denial.team)];
    if (now - window.start >= std::chrono::seconds(1)) {
      window.start = now;
      window.lines = 0;
    }
    if (++window.lines > kLinesPerSecond) {
      ++window.suppressed;
      return;
    }
    suppressed = std::exchange(window.suppressed, 0);
  }
  Log(Level::kWarning, "denied",
      {{"team", denial.team},
       {"tool", denial.tool.substr(0, kMaxLoggedName)},
       {"tool_exists", denial.tool_exists},
       {"decision", "deny"},
       {"reason", denial.reason},
       {"subject", denial.subject.substr(0, kMaxLoggedName)},
       {"token_id", denial.token_id.substr(0, kMaxLoggedName)},
       {"suppressed", suppressed}});
}

}  // namespace platform
