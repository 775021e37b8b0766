#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "compose/services/gateway/token_verifier.h"

namespace platform {

// Verifies JSON Web Tokens signed with ES256, and with nothing else (RFC 8725 section 3.1): the
// token does not choose its algorithm or its key. Claims iss, aud, sub, team, iat, nbf, exp and jti
// are all required.
class JwtVerifier : public TokenVerifier {
 public:
  struct Options {
    std::string public_key_pem;  // P-256
    std::string issuer;
    std::string audience;
    std::chrono::seconds leeway{5};             // for clocks that differ
    std::chrono::hours max_lifetime{24 * 366};  // exp - iat beyond it is refused
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
  };

  // Throws ConfigurationError when the key is no P-256 public key.
  explicit JwtVerifier(Options options);

  std::optional<Caller> Verify(std::string_view token) override;

 private:
  std::optional<Caller> CallerOf(const nlohmann::json& claims) const;

  const Options options_;
};

// A team's name: [a-z0-9-]{1,63}. Look-alikes in other scripts or cases are refused, never
// normalised.
bool IsTeamName(std::string_view name);

}  // namespace platform
