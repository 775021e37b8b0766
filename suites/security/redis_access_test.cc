#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/matchers.h"
#include "fixtures/security_test.h"
#include "fixtures/stack_attacks.h"
#include "fixtures/the_run.h"
#include "support/attacks/redis_server_access.h"

namespace proving_ground {
namespace {

class RedisIsolation : public TeamAttackTest {
 protected:
  RedisIsolation() : TeamAttackTest("S-7") {}
};

// S-7: a team's account in Redis reaches no other team's keys or channels.
TEST_P(RedisIsolation, KeepsEveryOtherTeamOut) {
  if (const std::string why = WhyNoRedisField(contract()); !why.empty()) GTEST_SKIP() << Skip(why);
  const RedisField field = RedisFieldOf(running(), limits());

  const RedisAccessReport report = RedisIntruder(field, team()).AttackCanaries();

  KeepMatrix(running(), "redis-access-" + team(), ToJson(report));
  EXPECT_THAT(Recorded(JudgeRedisAccess(criterion(), report)), Proven());
}

class RedisServer : public AttackTest {
 protected:
  RedisServer() : AttackTest("S-8") {}

  // The accounts that the stack's Redis would have after a restart.
  void CompareWithFile(const RedisField& field, RedisServerReport& report) const {
    const std::string in_container = AclFileOf(field);
    if (const auto file = AclFileOnHost(contract(), in_container)) {
      CompareAccounts(field, *file, report);
    } else {
      report.accounts_unknown = in_container.empty()
                                    ? "Redis reads no ACL file: where its accounts come from, and "
                                      "whether they outlive a restart, is unknown"
                                    : "the ACL file of Redis is no compose secret on this host";
    }
  }
};

// S-8: Redis lets nobody in without an account, grants no team what belongs to the whole server,
// logs what it denies, and has the same accounts after a restart.
TEST_F(RedisServer, IsNobodysAlone) {
  if (const std::string why = WhyNoRedisField(contract()); !why.empty()) GTEST_SKIP() << Skip(why);
  const RedisField field = RedisFieldOf(running(), limits());

  RedisServerReport report = AttackServer(field, {ObserverOf(running())});
  CompareWithFile(field, report);

  KeepMatrix(running(), "redis-server", ToJson(report));
  EXPECT_THAT(Recorded(JudgeServerAccess(criterion(), report)), Proven());
}

const auto kTeamName = [](const auto& info) { return TeamTestName(info.param); };
INSTANTIATE_TEST_SUITE_P(Teams, RedisIsolation, testing::ValuesIn(TeamsOfRun()), kTeamName);

}  // namespace
}  // namespace proving_ground
