#include "compose/sabotage/gateway/broken_gateway.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "compose/services/gateway/base64.h"
#include "compose/services/gateway/token_for_test.h"

namespace platform {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::SizeIs;

TEST(BrokenGatewayTest, EveryNameIsAPartAndNoOtherIs) {
  EXPECT_THAT(BrokenGatewayNames(), SizeIs(testing::Ge(40U)));
  for (const std::string& name : BrokenGatewayNames()) EXPECT_NE(BrokenGateway(name), nullptr);
  EXPECT_EQ(BrokenGateway(""), nullptr);
  EXPECT_EQ(BrokenGateway("ignores"), nullptr);
}

// A token that is wrong in one way, and the broken part that takes it all the same.
struct WrongToken {
  std::string taken_by;
  json header = HeaderForTest();
  json claims = ClaimsForTest("sales");
  std::string signature;  // instead of the right one; "-": none, with its dot
};

json With(json object, const char* name, json value) {
  object[name] = std::move(value);
  return object;
}

std::vector<WrongToken> WrongTokens() {
  const json claims = ClaimsForTest("sales");
  const std::int64_t now = claims["iat"];
  json endless = claims;
  endless.erase("exp");
  return {
      {"ignores-signature", HeaderForTest(), claims, std::string(86, 'A')},
      {"accepts-none-algorithm", With(HeaderForTest(), "alg", "none"), claims, "-"},
      {"accepts-stripped-signature", HeaderForTest(), claims, "-"},
      {"ignores-critical-extensions", With(HeaderForTest(), "crit", {"x"}), claims, ""},
      {"ignores-expiry", HeaderForTest(), With(claims, "exp", now - 3'600), ""},
      {"accepts-no-expiry", HeaderForTest(), endless, ""},
      {"ignores-not-before", HeaderForTest(), With(claims, "nbf", now + 1'000), ""},
      {"ignores-audience", HeaderForTest(), With(claims, "aud", "other"), ""},
      {"accepts-audience-prefix", HeaderForTest(), With(claims, "aud", "mcp-gateway-2"), ""},
      {"ignores-issuer", HeaderForTest(), With(claims, "iss", "other"), ""},
  };
}

class BrokenTokensTest : public testing::Test {
 protected:
  std::string Text(const WrongToken& wrong) const {
    if (wrong.signature.empty()) return key_.Sign(wrong.header, wrong.claims);
    const std::string text = EncodeBase64UrlForTest(wrong.header.dump()) + "." +
                             EncodeBase64UrlForTest(wrong.claims.dump()) + ".";
    return wrong.signature == "-" ? text : text + wrong.signature;
  }

  bool Takes(const GatewayFactory& factory, const std::string& token) const {
    const auto verifier = factory.MakeVerifier(
        {.public_key_pem = key_.public_pem(), .issuer = "issuer", .audience = "mcp-gateway"});
    return verifier->Verify(token).has_value();
  }

  const SigningKeyForTest key_;
};

TEST_F(BrokenTokensTest, EachTakesWhatProductionRefusesAndNoMore) {
  const std::string right = key_.Sign(HeaderForTest(), ClaimsForTest("sales"));
  for (const WrongToken& wrong : WrongTokens()) {
    const auto broken = BrokenGateway(wrong.taken_by);
    ASSERT_NE(broken, nullptr) << wrong.taken_by;
    EXPECT_FALSE(Takes(GatewayFactory(), Text(wrong))) << wrong.taken_by;
    EXPECT_TRUE(Takes(*broken, Text(wrong))) << wrong.taken_by;
    EXPECT_TRUE(Takes(*broken, right)) << wrong.taken_by;
    EXPECT_FALSE(Takes(*broken, "nonsense")) << wrong.taken_by;
    if (wrong.taken_by == "ignores-signature") continue;
    const std::string forged = SigningKeyForTest().Sign(HeaderForTest(), ClaimsForTest("sales"));
    EXPECT_FALSE(Takes(*broken, forged)) << wrong.taken_by;
  }
}

}  // namespace
}  // namespace platform
