#include <gmock/gmock.h>

#include "fixtures/audit_test.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/audit/sweep/secrets_verdict.h"

namespace proving_ground {
namespace {

class Secrets : public ServiceAuditTest {
 protected:
  Secrets() : ServiceAuditTest("S-3") {}
};

// S-3: no secret stands in clear: not in environments, command lines, labels, health checks,
// images, logs, Redis, project files or reports, and no two teams share one.
TEST_P(Secrets, StandNowhereInClear) {
  EXPECT_THAT(Recorded(JudgeSecrets(secrets(), criterion(), GetParam())), Proven());
}

// Each service, and what belongs to none: project files, reports, secrets that teams share.
std::vector<std::string> ServicesAndTheRest() {
  std::vector<std::string> names = ServicesOfRun();
  names.emplace_back();
  return names;
}

INSTANTIATE_TEST_SUITE_P(Services, Secrets, testing::ValuesIn(ServicesAndTheRest()),
                         [](const auto& info) {
                           return info.param.empty() ? "TheRest" : TeamTestName(info.param);
                         });

}  // namespace
}  // namespace proving_ground
