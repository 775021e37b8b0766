#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/gateway_attack.h"
#include "fixtures/matchers.h"

namespace proving_ground {
namespace {

class HostileInput : public GatewayAttackTest {
 protected:
  HostileInput() : GatewayAttackTest("S-13") {}
};

// S-13: hostile names, requests without bounds and clients that never finish neither leave the
// team's part of the store nor bring the gateway down, and the others are served meanwhile.
TEST_F(HostileInput, LeavesTheGatewayUpAndTheOthersServed) {
  if (AllTeams().size() < 2) GTEST_SKIP() << Skip("the stack has one team only");
  const auto store = Store();

  const HostileRecord record =
      AttackWithHostileInput({.attacker = contract().teams.front(),
                              .teams = Senders(),
                              .own_keys = OwnKeys(),
                              .store = store.get(),
                              .state = [this] { return State(); },
                              .max_slow_request = limits().max_slow_request});

  Keep("hostile-input", ToJson(record));
  EXPECT_THAT(Recorded(JudgeHostileInput(criterion(), record, LimitsOfHostileInput())), Proven());
}

}  // namespace
}  // namespace proving_ground
