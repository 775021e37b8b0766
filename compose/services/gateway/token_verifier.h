#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace platform {

// Who a verified token speaks for. Nothing else in a request says anything about identity.
struct Caller {
  std::string team;
  std::string subject;
  std::string token_id;  // the `jti`, for the audit log
  std::chrono::system_clock::time_point expires_at;
};

class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;

  // The caller, or nothing when the token is not acceptable for whatever reason: whoever presents a
  // bad token is not told what is wrong with it. Not thread-safe. Does not throw.
  virtual std::optional<Caller> Verify(std::string_view token) = 0;
};

}  // namespace platform
