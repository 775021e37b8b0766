#include "support/attacks/mcp/token_forge.h"

#include <gmock/gmock.h>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'800'000'000)};

struct Parts {
  json header;
  json claims;
  std::string text;
  std::string signature;
};

Parts Take(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  return {json::parse(FromBase64Url(token.substr(0, first)).value()),
          json::parse(FromBase64Url(token.substr(first + 1, last - first - 1)).value()),
          token.substr(0, last), FromBase64Url(token.substr(last + 1)).value()};
}

class TokenForgeTest : public testing::Test {
 protected:
  TokenForgeTest() {
    const json claims = {{"iss", "issuer"}, {"aud", "gateway"},     {"sub", "sales"},
                         {"team", "sales"}, {"iat", 1'700'000'000}, {"nbf", 1'700'000'000},
                         {"jti", "1"},      {"exp", 1'900'000'000}};
    const std::string text =
        ToBase64Url(R"({"alg":"ES256","typ":"JWT"})") + "." + ToBase64Url(claims.dump());
    rightful_ = text + "." + ToBase64Url(key_.Sign(text));
  }

  SigningKey key_;
  std::string rightful_;
};

TEST_F(TokenForgeTest, TheControlIsRightInEveryWay) {
  const Parts right = Take(TokenForge(rightful_, "sales", key_).Right(kNow));
  EXPECT_EQ(right.header, Take(rightful_).header);
  EXPECT_TRUE(key_.Verifies(right.text, right.signature));
  EXPECT_EQ(right.claims["iat"], 1'800'000'000);
  EXPECT_EQ(right.claims["exp"], 1'800'003'600);
  EXPECT_EQ(right.claims["jti"], "1");
}

TEST_F(TokenForgeTest, WithTheKeyOnlyOneThingIsWrong) {
  const TokenForge forge(rightful_, "sales", key_);
  const Parts right = Take(forge.Right(kNow));
  const std::map<std::string, std::vector<std::string>> expected = {
      {"expired", {"exp", "iat", "nbf"}},  // the same lifetime, earlier
      {"without expiry", {"exp"}},
      {"expiry as text", {"exp"}},
      {"not yet valid", {"exp", "nbf"}},  // valid later, not never
      {"another audience", {"aud"}},
      {"audience with something behind it", {"aud"}},
      {"audiences of strangers", {"aud"}},
      {"without audience", {"aud"}},
      {"another issuer", {"iss"}},
      {"issuer with something behind it", {"iss"}},
      {"without issuer", {"iss"}},
      {"of a team that does not exist", {"sub", "team"}},
      {"critical extension that nobody knows", {}},
      {"public key used as a shared secret", {}},
      {"public key used as a shared secret, trimmed", {}},
      {"other algorithm named than was used", {}}};
  const auto forged = forge.WithTheKey(kNow);
  EXPECT_EQ(forged.size(), expected.size());
  for (const ForgedToken& each : forged) {
    const Parts parts = Take(each.token);
    std::vector<std::string> wrong;
    for (const auto& [name, value] : right.claims.items()) {
      if (!parts.claims.contains(name) || parts.claims[name] != value) wrong.push_back(name);
    }
    ASSERT_TRUE(expected.contains(each.name)) << each.name;
    EXPECT_EQ(wrong, expected.at(each.name)) << each.name;
    EXPECT_EQ(wrong.empty(), parts.header != right.header) << each.name;
    EXPECT_EQ(key_.Verifies(parts.text, parts.signature),
              !each.name.starts_with("public key used as a shared secret"))
        << each.name;
  }
}

TEST_F(TokenForgeTest, AStrangerCannotSign) {
  const auto forged = TokenForge(rightful_, "sales", std::nullopt).OfAStranger(kNow);
  EXPECT_GE(forged.size(), 15U);
  for (const ForgedToken& each : forged) {
    const std::size_t last = std::min(each.token.rfind('.'), each.token.size());
    const auto signature = FromBase64Url(each.token.substr(std::min(last + 1, each.token.size())));
    EXPECT_FALSE(signature && key_.Verifies(each.token.substr(0, last), *signature)) << each.name;
  }
  EXPECT_THAT(TokenForge(rightful_, "sales", std::nullopt).WithTheKey(kNow), IsEmpty());
}

TEST_F(TokenForgeTest, RefusesWhatItCannotForgeWithoutShowingIt) {
  try {
    TokenForge("secret-token", "sales", std::nullopt);
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("sales"));
    EXPECT_THAT(error.what(), Not(HasSubstr("secret-token")));
  }
  const std::string other = ToBase64Url(R"({"alg":"RS256"})") + "." + ToBase64Url("{}") + ".x";
  EXPECT_THROW(TokenForge(other, "sales", key_), EnvironmentError);
  EXPECT_NO_THROW(TokenForge(other, "sales", std::nullopt));
}

TEST(SigningKeyTest, RefusesWhatIsNoKeyWithoutShowingIt) {
  try {
    const SigningKey key("-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
}

TEST(Base64UrlTest, KeepsBytes) {
  for (const std::string& bytes : {std::string(), std::string("a"), std::string("ab"),
                                   std::string("abc"), std::string("\0\xff\xfe?>", 5)}) {
    EXPECT_EQ(FromBase64Url(ToBase64Url(bytes)), bytes);
  }
  EXPECT_EQ(ToBase64Url("\xff\xfe?>"), "__4_Pg");
  EXPECT_EQ(FromBase64Url("a+b"), std::nullopt);
}

}  // namespace
}  // namespace proving_ground
