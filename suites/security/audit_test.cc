#include "fixtures/audit_test.h"

#include <gmock/gmock.h>

#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/audit/audit_judge.h"

namespace proving_ground {
namespace {

class Isolation : public ServiceAuditTest {
 protected:
  Isolation() : ServiceAuditTest("S-1") {}
};

// S-1: no service has more privileges, capabilities, devices or host namespaces than it may, and
// its confinement is in force.
TEST_P(Isolation, IsInForce) { EXPECT_THAT(Judged(), Proven()); }

class Limits : public ServiceAuditTest {
 protected:
  Limits() : ServiceAuditTest("S-4") {}
};

// S-4: every service has limits of memory, CPU, processes, files and logs, and they are in force.
TEST_P(Limits, AreDeclaredAndInForce) { EXPECT_THAT(Judged(), Proven()); }

class FileSystem : public ServiceAuditTest {
 protected:
  FileSystem() : ServiceAuditTest("S-5") {}
};

// S-5: no service mounts a sensitive path, and its root file system is read-only.
TEST_P(FileSystem, HoldsNothingSensitive) { EXPECT_THAT(Judged(), Proven()); }

class Exposure : public ServiceAuditTest {
 protected:
  Exposure() : ServiceAuditTest("S-6") {}
};

// S-6: no service publishes a port beyond this machine or a sensitive one, or joins networks that
// it should be apart from.
TEST_P(Exposure, EndsAtThisMachine) { EXPECT_THAT(Judged(), Proven()); }

class ImageHygiene : public ServiceAuditTest {
 protected:
  ImageHygiene() : ServiceAuditTest("S-9") {}
};

// S-9: every service runs the image that it names, pinned, without tool chains or leftovers.
TEST_P(ImageHygiene, IsKept) { EXPECT_THAT(Judged(), Proven()); }

class Readiness : public ServiceAuditTest {
 protected:
  Readiness() : ServiceAuditTest("S-10") {}
};

// S-10: every service has health checks, restart and stop settings that failover can rely on.
TEST_P(Readiness, OfFailoverIsConfigured) { EXPECT_THAT(Judged(), Proven()); }

class AuditSettings : public AuditTest {
 protected:
  AuditSettings() : AuditTest("S-18") {}
};

// S-18: accounts and settings of Redis, secrets, networks, waivers and the engine leave nothing
// open.
TEST_F(AuditSettings, LeaveNothingOpen) {
  EXPECT_THAT(Recorded(audit::JudgeRest(record())), Proven());
}

std::string ServiceTestName(const testing::TestParamInfo<std::string>& info) {
  return TeamTestName(info.param);
}

INSTANTIATE_TEST_SUITE_P(Services, Isolation, testing::ValuesIn(ServicesOfRun()), ServiceTestName);
INSTANTIATE_TEST_SUITE_P(Services, Limits, testing::ValuesIn(ServicesOfRun()), ServiceTestName);
INSTANTIATE_TEST_SUITE_P(Services, FileSystem, testing::ValuesIn(ServicesOfRun()), ServiceTestName);
INSTANTIATE_TEST_SUITE_P(Services, Exposure, testing::ValuesIn(ServicesOfRun()), ServiceTestName);
INSTANTIATE_TEST_SUITE_P(Services, ImageHygiene, testing::ValuesIn(ServicesOfRun()),
                         ServiceTestName);
INSTANTIATE_TEST_SUITE_P(Services, Readiness, testing::ValuesIn(ServicesOfRun()), ServiceTestName);

}  // namespace
}  // namespace proving_ground
