#include "compose/services/issue_token/token_issuer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <jwt/jwt.hpp>
#include <memory>

#include "compose/services/common/configuration_error.h"

namespace platform {
namespace {

// Any PEM form of a P-256 private key, as PKCS #8.
std::string Normalize(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  char group[32] = "";
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!key || EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) != 1 ||
      std::string_view(group) != "prime256v1" ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    throw ConfigurationError(
        "the key is no P-256 private key in PEM; make one with: "
        "openssl ecparam -name prime256v1 -genkey -noout");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string RandomId() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::runtime_error("no random numbers to be had");
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  for (const unsigned char byte : bytes) {
    id += kDigits[byte >> 4];
    id += kDigits[byte & 15];
  }
  return id;
}

}  // namespace

std::string IssueToken(const TokenRequest& request, const std::string& private_key_pem) {
  const auto issued_at =
      std::chrono::duration_cast<std::chrono::seconds>(request.issued_at.time_since_epoch())
          .count();
  const std::string key = Normalize(private_key_pem);
  jwt::jwt_object token{jwt::params::algorithm("ES256"), jwt::params::secret(key)};
  token.add_claim("iss", request.issuer)
      .add_claim("aud", request.audience)
      .add_claim("sub", request.team)
      .add_claim("team", request.team)
      .add_claim("jti", RandomId())
      .add_claim("iat", issued_at)
      .add_claim("nbf", issued_at)
      .add_claim("exp", issued_at + request.lifetime.count());
  return token.signature();
}

}  // namespace platform
