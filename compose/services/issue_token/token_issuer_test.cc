#include "compose/services/issue_token/token_issuer.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "compose/services/common/configuration_error.h"
#include "compose/services/gateway/jwt_verifier.h"
#include "compose/services/gateway/token_for_test.h"

namespace platform {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

// The same key as "BEGIN EC PRIVATE KEY", with the curve's parameters before it as `openssl ecparam
// -genkey` writes it.
std::string TraditionalForm(const std::string& pkcs8) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(pkcs8.data(), -1), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey_traditional(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
         std::string(data, static_cast<std::size_t>(size));
}

TokenRequest Request() {
  return {.team = "sales",
          .issuer = "issuer",
          .audience = "mcp-gateway",
          .lifetime = hours(1),
          .issued_at = system_clock::now()};
}

TEST(TokenIssuerTest, TheGatewayAcceptsWhatItIssuesFromEitherFormOfKey) {
  const SigningKeyForTest key;
  JwtVerifier verifier(
      {.public_key_pem = key.public_pem(), .issuer = "issuer", .audience = "mcp-gateway"});

  for (const std::string& pem : {key.private_pem(), TraditionalForm(key.private_pem())}) {
    const auto caller = verifier.Verify(IssueToken(Request(), pem));
    ASSERT_TRUE(caller.has_value()) << pem.substr(0, 40);
    EXPECT_EQ(caller->team, "sales");
    EXPECT_EQ(caller->subject, "sales");
    EXPECT_EQ(caller->token_id.size(), 32U);
  }
}

TEST(TokenIssuerTest, EveryTokenHasItsOwnId) {
  const SigningKeyForTest key;
  JwtVerifier verifier(
      {.public_key_pem = key.public_pem(), .issuer = "issuer", .audience = "mcp-gateway"});

  EXPECT_NE(verifier.Verify(IssueToken(Request(), key.private_pem()))->token_id,
            verifier.Verify(IssueToken(Request(), key.private_pem()))->token_id);
}

TEST(TokenIssuerTest, RefusesOtherKeys) {
  for (const std::string& pem : {std::string("rubbish"), SigningKeyForTest("P-384").private_pem(),
                                 SigningKeyForTest().public_pem()}) {
    EXPECT_THROW(IssueToken(Request(), pem), ConfigurationError);
  }
}

}  // namespace
}  // namespace platform
