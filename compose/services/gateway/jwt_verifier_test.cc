#include "compose/services/gateway/jwt_verifier.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

#include "compose/services/common/configuration_error.h"
#include "compose/services/gateway/token_for_test.h"

namespace platform {
namespace {

using nlohmann::json;

class JwtVerifierTest : public ::testing::Test {
 protected:
  bool Accepts(std::string_view token) { return verifier_.Verify(token).has_value(); }

  // Whether a well-signed token is accepted whose claim has this value (null: the claim is
  // missing).
  bool AcceptsClaim(const char* name, const json& value) {
    json claims = ClaimsForTest("sales");
    claims[name] = value;
    if (value.is_null()) claims.erase(name);
    return Accepts(key_.Sign(HeaderForTest(), claims));
  }

  bool AcceptsHeader(const json& header) {
    return Accepts(key_.Sign(header, ClaimsForTest("sales")));
  }

  const SigningKeyForTest key_;
  const std::string token_ = key_.Sign(HeaderForTest(), ClaimsForTest("sales"));
  JwtVerifier verifier_{
      {.public_key_pem = key_.public_pem(), .issuer = "issuer", .audience = "mcp-gateway"}};
};

TEST_F(JwtVerifierTest, AcceptsAGoodToken) {
  const auto caller = verifier_.Verify(token_);

  ASSERT_TRUE(caller.has_value());
  EXPECT_EQ(caller->team, "sales");
  EXPECT_EQ(caller->subject, "sales");
  EXPECT_EQ(caller->token_id, "test");
  EXPECT_GT(caller->expires_at, std::chrono::system_clock::now() + std::chrono::minutes(59));
}

TEST_F(JwtVerifierTest, RefusesAnyOtherSignature) {
  const std::size_t dot = token_.rfind('.');
  EXPECT_FALSE(Accepts(token_.substr(0, dot)));
  EXPECT_FALSE(Accepts(token_.substr(0, dot + 1)));
  EXPECT_FALSE(Accepts(token_.substr(0, dot + 1) + std::string(86, 'A')));
  EXPECT_FALSE(Accepts(token_ + "A"));
  EXPECT_FALSE(Accepts(token_ + "."));
  EXPECT_FALSE(Accepts(token_ + ".x"));
  std::string flipped = token_;
  flipped[dot + 5] = flipped[dot + 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(Accepts(flipped));
  EXPECT_FALSE(Accepts(SigningKeyForTest().Sign(HeaderForTest(), ClaimsForTest("sales"))))
      << "another key";
}

TEST_F(JwtVerifierTest, RefusesClaimsThatWereChangedAfterSigning) {
  const std::size_t first = token_.find('.');
  const std::size_t second = token_.rfind('.');
  const std::string other = EncodeBase64UrlForTest(ClaimsForTest("finance").dump());

  EXPECT_FALSE(Accepts(token_.substr(0, first + 1) + other + token_.substr(second)));
}

TEST_F(JwtVerifierTest, TheTokenDoesNotChooseTheAlgorithm) {
  for (const char* algorithm :
       {"none", "None", "NONE", "nOnE", "HS256", "RS256", "ES384", "es256", "", "ES256 "}) {
    EXPECT_FALSE(AcceptsHeader({{"alg", algorithm}, {"typ", "JWT"}})) << algorithm;
  }
  EXPECT_FALSE(AcceptsHeader({{"typ", "JWT"}}));
  EXPECT_FALSE(AcceptsHeader({{"alg", {"ES256"}}}));
  const std::string unsigned_text = EncodeBase64UrlForTest(R"({"alg":"none"})") + "." +
                                    EncodeBase64UrlForTest(ClaimsForTest("sales").dump());
  EXPECT_FALSE(Accepts(unsigned_text + "."));
}

TEST_F(JwtVerifierTest, ThePublicKeyIsNoSharedSecret) {
  const std::string text = EncodeBase64UrlForTest(R"({"alg":"HS256","typ":"JWT"})") + "." +
                           EncodeBase64UrlForTest(ClaimsForTest("sales").dump());
  unsigned char mac[32];
  HMAC(EVP_sha256(), key_.public_pem().data(), static_cast<int>(key_.public_pem().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, nullptr);

  EXPECT_FALSE(
      Accepts(text + "." + EncodeBase64UrlForTest({reinterpret_cast<char*>(mac), sizeof mac})));
}

TEST_F(JwtVerifierTest, HeadersThatBringKeysAreNotFollowed) {
  EXPECT_FALSE(AcceptsHeader({{"alg", "ES256"}, {"crit", {"exp"}}}));
  EXPECT_FALSE(AcceptsHeader({{"alg", "ES256"}, {"typ", "at+jwt"}}));
  const SigningKeyForTest other;
  const json tempting = {{"alg", "ES256"},
                         {"kid", "../../dev/null"},
                         {"jku", "http://127.0.0.1:1/keys"},
                         {"jwk", {{"kty", "EC"}}}};
  EXPECT_FALSE(Accepts(other.Sign(tempting, ClaimsForTest("sales"))));
  EXPECT_TRUE(AcceptsHeader({{"alg", "ES256"}, {"kid", "any"}}))
      << "a name for the key is harmless";
}

TEST_F(JwtVerifierTest, EveryClaimIsRequired) {
  for (const char* name : {"iss", "aud", "sub", "team", "jti", "iat", "nbf", "exp"}) {
    EXPECT_FALSE(AcceptsClaim(name, nullptr)) << name;
    EXPECT_FALSE(AcceptsClaim(name, json::object())) << name;
    EXPECT_FALSE(AcceptsClaim(name, true)) << name;
  }
}

TEST_F(JwtVerifierTest, AudienceAndIssuerMatchExactly) {
  for (const char* audience : {"mcp-gateway-evil", "mcp", "MCP-Gateway", "", "mcp-gateway/"}) {
    EXPECT_FALSE(AcceptsClaim("aud", audience)) << audience;
  }
  EXPECT_FALSE(AcceptsClaim("aud", json::array({"other", "mcp-gateway-evil"})));
  EXPECT_FALSE(AcceptsClaim("aud", json::array()));
  EXPECT_TRUE(AcceptsClaim("aud", json::array({"other", "mcp-gateway"})));
  for (const char* issuer : {"issuer2", "ISSUER", "staging", ""})
    EXPECT_FALSE(AcceptsClaim("iss", issuer)) << issuer;
}

TEST_F(JwtVerifierTest, TimesAreJudgedWithASmallLeeway) {
  const std::int64_t now = ClaimsForTest("sales")["iat"];
  EXPECT_TRUE(AcceptsClaim("exp", now - 2));
  EXPECT_FALSE(AcceptsClaim("exp", now - 10));
  EXPECT_TRUE(AcceptsClaim("nbf", now + 2));
  EXPECT_FALSE(AcceptsClaim("nbf", now + 30));
  EXPECT_FALSE(AcceptsClaim("iat", now + 30));
  for (const json& absurd : {json(0), json(-1), json(1e300), json("tomorrow"), json(UINT64_MAX),
                             json(INT64_MAX), json(now + 0.5), json(now + 400LL * 24 * 3600)}) {
    EXPECT_FALSE(AcceptsClaim("exp", absurd)) << absurd;
  }
}

TEST_F(JwtVerifierTest, TeamNamesAreNeverNormalised) {
  for (const char* team :
       {"Sales", "sales ", "s\xd0\xb0les", "sales\xe2\x80\x8b", "", "sales:x", "../sales", "*",
        "\xef\xbd\x93"
        "ales"}) {
    EXPECT_FALSE(AcceptsClaim("team", team)) << team;
  }
  EXPECT_FALSE(AcceptsClaim("team", std::string(64, 'a')));
  EXPECT_TRUE(AcceptsClaim("team", "team-7"));
}

TEST_F(JwtVerifierTest, SurvivesRubbish) {
  for (const std::string& rubbish :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"),
        std::string(100'000, 'a'), std::string(100'000, '.'), std::string("\0\xff", 2),
        token_ + " ", " " + token_,
        key_.SignText("e30." + EncodeBase64UrlForTest(std::string(2000, '[')))}) {
    EXPECT_FALSE(Accepts(rubbish)) << rubbish.substr(0, 50);
  }
  EXPECT_FALSE(Accepts(key_.SignText(EncodeBase64UrlForTest(R"({"alg":"none","alg":"ES256"})") +
                                     "." + EncodeBase64UrlForTest(ClaimsForTest("sales").dump()))))
      << "a duplicate name means two things";
}

TEST(JwtVerifierKeyTest, OnlyAP256PublicKeyWillDo) {
  const SigningKeyForTest key;
  const SigningKeyForTest other_curve("P-384");

  for (const std::string& pem :
       {std::string(), std::string("rubbish"), key.private_pem(), other_curve.public_pem()}) {
    EXPECT_THROW(JwtVerifier({.public_key_pem = pem, .issuer = "i", .audience = "a"}),
                 ConfigurationError);
  }
}

}  // namespace
}  // namespace platform
