#include "support/attacks/containment.h"

#include <gmock/gmock.h>

#include "fixtures/matchers.h"
#include "fixtures/security_test.h"
#include "fixtures/stack_attacks.h"

namespace proving_ground {
namespace {

class Containment : public WholeStackAttackTest {
 protected:
  Containment() : WholeStackAttackTest("S-16") {}
};

// S-16: a process too many and memory too much, under a service's own limits, are stopped by the
// kernel, and the neighbours do not notice.
TEST_F(Containment, HoldsUnderEveryServicesLimits) {
  Stack& stack = running().stack();
  const Engine& engine = running().engine();
  const Vitals before = VitalsOf(stack, engine);

  std::vector<ContainmentTrial> trials;
  for (const ServiceLimits& limits : LimitsOf(stack, engine, ServicesOfOtherTeams())) {
    trials.push_back(TryContainment(engine, running().session().project, limits));
  }

  EXPECT_THAT(Recorded(JudgeContainment(criterion(), trials, before, VitalsOf(stack, engine))),
              Proven());
}

}  // namespace
}  // namespace proving_ground
