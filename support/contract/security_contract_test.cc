#include "support/contract/security_contract.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/contract/contract.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Property;
using testing::Throws;

json Model(const std::string& security) {
  return {{"x-acceptance", {{"security", json::parse(security)}}}};
}

TEST(SecurityContractTest, ReadsWhatTheBlockSays) {
  const SecurityContract security = ParseSecurityContract(
      Model(R"({"signing_key_file": "secrets/key", "flood": "2s", "waivers": [],
                "max_slow_request": "12s", "max_growth_per_refusal": 64,
                "tools": {"sales": ["text_digest", "memory_put"]}})"),
      "");
  EXPECT_EQ(security.signing_key_file, "secrets/key");
  EXPECT_EQ(security.flood, std::chrono::seconds(2));
  EXPECT_EQ(security.max_slow_request, std::chrono::seconds(12));
  EXPECT_EQ(security.max_growth_per_refusal, 64);
  EXPECT_THAT(security.tools.at("sales"), ElementsAre("text_digest", "memory_put"));
}

TEST(SecurityContractTest, LeavesDefaultsWhenTheBlockIsMissing) {
  const SecurityContract security =
      ParseSecurityContract(json{{"x-acceptance", json::object()}}, "seed");
  EXPECT_TRUE(security.signing_key_file.empty());
  EXPECT_TRUE(security.tools.empty());
}

TEST(SecurityContractTest, RejectsWhatItDoesNotKnow) {
  EXPECT_THAT([] { ParseSecurityContract(Model(R"({"sining_key_file": "x"})"), ""); },
              Throws<ContractError>(Property(&ContractError::what, HasSubstr("sining_key_file"))));
}

}  // namespace
}  // namespace proving_ground
