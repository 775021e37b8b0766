#include <gmock/gmock.h>

#include "fixtures/matchers.h"
#include "fixtures/secret_sweep.h"
#include "fixtures/security_test.h"

namespace proving_ground {
namespace {

class Secrets : public SecurityTest {
 protected:
  Secrets() : SecurityTest("S-3") {}
};

// S-3: no secret stands in clear: not in environments, command lines, labels, health checks,
// images, logs, Redis, project files or reports, and no two teams share one.
TEST_F(Secrets, StandNowhereInClear) {
  const StackSweep swept = SweepStack(running(), limits());

  EXPECT_THAT(Recorded(SecretsVerdict(criterion(), swept.result, swept.control, swept.coverage)),
              Proven());
}

}  // namespace
}  // namespace proving_ground
