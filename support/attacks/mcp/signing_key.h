// Keys and base64url, as access tokens (RFC 7515, RFC 7518) take them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

namespace proving_ground {

std::string ToBase64Url(std::string_view bytes);
// nullopt when the text is no base64url without padding.
std::optional<std::string> FromBase64Url(std::string_view text);

// HMAC with SHA-256.
std::string Hmac256(std::string_view key, std::string_view text);

// A P-256 key pair: what tokens of the kind ES256 are signed with.
class SigningKey {
 public:
  // A new one.
  SigningKey();
  // A private key in PEM. Throws UsageError, which tells nothing of the key, when it is none.
  explicit SigningKey(const std::string& pem);

  // Signature in the form of RFC 7518: two numbers of 32 bytes.
  std::string Sign(std::string_view text) const;
  bool Verifies(std::string_view text, std::string_view signature) const;
  std::string PublicPem() const;
  // The public point: x and y, 32 bytes each.
  std::string PublicPoint() const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace proving_ground
