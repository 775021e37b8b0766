#pragma once

#include <chrono>
#include <string>

namespace platform {

struct TokenRequest {
  std::string team;
  std::string issuer;
  std::string audience;
  std::chrono::seconds lifetime{0};
  std::chrono::system_clock::time_point issued_at;
};

// Returns a JSON Web Token signed with ES256, with claims iss, aud, sub (the team), team, iat, nbf,
// exp and a random jti. `private_key_pem` is a P-256 key, PKCS #8 ("BEGIN PRIVATE KEY") or SEC 1
// ("BEGIN EC PRIVATE KEY", with or without "BEGIN EC PARAMETERS" before it). Throws
// ConfigurationError when it is not.
std::string IssueToken(const TokenRequest& request, const std::string& private_key_pem);

}  // namespace platform
