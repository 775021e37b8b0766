#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/gateway_attack.h"
#include "fixtures/matchers.h"
#include "support/attacks/mcp/token_attacks.h"

namespace proving_ground {
namespace {

class AccessTokens : public GatewayAttackTest {
 protected:
  AccessTokens() : GatewayAttackTest("S-11") {}
};

// S-11: a token that is missing, forged, expired, meant for others or handed over in a wrong way
// is refused, and the rightful one is served.
TEST_F(AccessTokens, OnlyTheRightfulOneIsServed) {
  const std::string team = contract().teams.front();

  const AttackRecord record =
      AttackTokens(Senders().at(team), ForgeOf(team), std::chrono::system_clock::now());

  Keep("tokens", ToJson(record));
  EXPECT_THAT(Recorded(JudgeRefusals(criterion(), record)), Proven());
}

}  // namespace
}  // namespace proving_ground
