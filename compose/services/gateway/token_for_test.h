// Makes signing keys and tokens for unit tests, good ones and bad ones, without the code under
// test.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace platform {

std::string EncodeBase64UrlForTest(std::string_view bytes);

// A key pair on an elliptic curve.
class SigningKeyForTest {
 public:
  explicit SigningKeyForTest(const char* curve = "P-256");

  const std::string& private_pem() const { return private_pem_; }
  const std::string& public_pem() const { return public_pem_; }

  // header.claims.signature, the signature being ECDSA with SHA-256 whatever the header says.
  std::string Sign(const nlohmann::json& header, const nlohmann::json& claims) const;
  std::string SignText(const std::string& signed_text) const;

 private:
  std::string private_pem_;
  std::string public_pem_;
};

// Claims that a gateway with issuer "issuer" and audience "mcp-gateway" accepts for an hour.
nlohmann::json ClaimsForTest(const std::string& team);

inline nlohmann::json HeaderForTest() { return {{"alg", "ES256"}, {"typ", "JWT"}}; }

}  // namespace platform
