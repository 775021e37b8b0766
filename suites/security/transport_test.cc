#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/gateway_attack.h"
#include "fixtures/matchers.h"
#include "support/attacks/mcp/transport_attacks.h"

namespace proving_ground {
namespace {

class GatewayTransport : public GatewayAttackTest {
 protected:
  GatewayTransport() : GatewayAttackTest("S-12") {}
};

// S-12: requests under foreign hosts and origins, batches, calls in notifications, and messages
// whose header, body, revision or framing disagree are refused, and nothing in them is done.
TEST_F(GatewayTransport, AmbiguousRequestsAreRefused) {
  const AttackRecord record = AttackTransport(Senders().at(contract().teams.front()));

  Keep("transport", ToJson(record));
  EXPECT_THAT(Recorded(JudgeRefusals(criterion(), record)), Proven());
}

}  // namespace
}  // namespace proving_ground
