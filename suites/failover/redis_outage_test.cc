#include <gmock/gmock.h>

#include "fixtures/failover_test.h"
#include "fixtures/intruder.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/container_faults.h"
#include "support/faults/network_faults.h"
#include "support/faults/redis_faults.h"

namespace proving_ground {
namespace {

constexpr std::chrono::milliseconds kMargin(500);

class RedisPartition : public TeamFailoverTest {
 protected:
  RedisPartition() : TeamFailoverTest("F-4") {}
};

// F-4: a coordinator that was cut off from Redis recovers in time, without a storm or a restart.
TEST_P(RedisPartition, IsRecoveredFromWithoutAStormOrARestart) {
  Exercise exercise = Begin();
  const auto traffic = std::make_shared<NetworkCounters>();

  Outage outage = Break(Partition(faults(), Coordinator(), Redis().service,
                                  running().contract().redis.port, traffic));
  exercise.Watch(limits().outage);
  Recover(outage, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_redis_recovery);
  EXPECT_THAT(
      Concluded(record,
                {RecoveredWithin(record, limits().max_redis_recovery),
                 AtMost("reconnects per second", traffic->ConnectionAttemptsPerSecond(),
                        limits().max_reconnects_per_second, "1/s", traffic->connection_attempts),
                 NothingLost(record), NothingElseRestarted(record)}),
      Proven());
}

class RedisRestart : public TeamFailoverTest {
 protected:
  RedisRestart() : TeamFailoverTest("F-5") {}
};

// F-5: a restart of Redis is recovered from in time, without other restarts.
TEST_P(RedisRestart, IsRecoveredFromWithoutOtherRestarts) {
  Exercise exercise = Begin();

  Outage outage = Break(Restart(faults(), Redis()));
  Recover(outage, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {RecoveredWithin(record, limits().max_redis_recovery),
                                 NothingLost(record), NothingElseRestarted(record)}),
              Proven());
}

class RedisCrash : public TeamFailoverTest {
 protected:
  RedisCrash() : TeamFailoverTest("F-6") {}
};

// F-6: a crash of Redis is recovered from in time, and nothing is lost.
TEST_P(RedisCrash, IsRecoveredFromAndLosesNothing) {
  Exercise exercise = BeginWithTasksInHand();

  Outage outage = Break(Crash(faults(), Redis()));
  Recover(outage, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {RecoveredWithin(record, limits().max_redis_recovery),
                                 NothingLost(record), NothingElseRestarted(record)}),
              Proven());
}

class FrozenRedis : public TeamFailoverTest {
 protected:
  FrozenRedis() : TeamFailoverTest("F-7") {}
};

// F-7: while Redis is frozen callers are answered in time and nobody hangs.
TEST_P(FrozenRedis, LeavesNobodyHanging) {
  // Patience beyond the limit: an answer that comes too late must be told from none.
  Exercise exercise =
      FailoverTest::Begin({.team = team(), .patience = 2 * limits().max_answer_time});
  Intruder intruder(running(), team());

  Outage outage = Break(Freeze(faults(), Redis()));
  // Longer than an answer may take: who hangs as long as Redis does must not be answered in time.
  exercise.Watch(std::max(limits().outage, limits().max_answer_time + kMargin));
  Recover(outage, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&outage}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {AnsweredWithin(record, limits().max_answer_time),
                                 GuardHeld(intruder.Finish(), outage),
                                 RecoveredWithin(record, limits().max_redis_recovery),
                                 NothingLost(record), NothingElseRestarted(record)}),
              Proven());
}

class RedisRefusesWrites : public TeamFailoverTest {
 protected:
  RedisRefusesWrites() : TeamFailoverTest("F-13") {}
};

// F-13: while Redis refuses writes tasks are refused, not lost, and service returns without a
// restart.
TEST_P(RedisRefusesWrites, RefusesTasksAndLosesNone) {
  Exercise exercise = Begin();

  Outage full = Break(OutOfMemory(faults(), Account()));
  exercise.Watch(limits().outage / 2);
  Recover(full, limits().max_redis_recovery);
  exercise.AwaitService(limits().max_redis_recovery);
  Outage read_only = Break(ReadOnly(faults(), Account()));
  exercise.Watch(limits().outage / 2);
  Recover(read_only, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&full, &read_only}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {RefusedDuring(record),
                                 RecoveredWithin(record, limits().max_redis_recovery),
                                 NothingLost(record), NothingElseRestarted(record)}),
              Proven());
}

class RedisLostDuringRestart : public TeamFailoverTest {
 protected:
  RedisLostDuringRestart() : TeamFailoverTest("F-16") {}
};

// F-16: Redis lost during a coordinator restart is recovered from in time.
TEST_P(RedisLostDuringRestart, IsRecoveredFromInTime) {
  Intruder intruder(running(), team());
  Exercise exercise = Begin();

  Outage without_redis = Break(Stop(faults(), Redis()));
  Outage restart = Break(Restart(faults(), Coordinator()));
  Recover(without_redis, limits().max_redis_recovery);
  Recover(restart, limits().max_coordinator_downtime);

  const FailoverRecord record =
      exercise.Finish({&without_redis, &restart}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {RecoveredWithin(record, limits().max_redis_recovery),
                                 GuardHeld(intruder.Finish(), without_redis), NothingLost(record),
                                 NothingElseRestarted(record)}),
              Proven());
}

class PasswordRotation : public TeamFailoverTest {
 protected:
  PasswordRotation() : TeamFailoverTest("F-17") {}
};

// F-17: a password rotated under load: the old one is refused, the new one works, no task is lost.
TEST_P(PasswordRotation, HappensUnderLoadWithoutLoss) {
  Exercise exercise = Begin();

  // Its effect is that the old password is refused and the new one accepted; taken back, it is a
  // second rotation.
  Outage rotation = Break(RotatePassword(faults(), Account()));
  exercise.AwaitService(limits().max_redis_recovery);
  Recover(rotation, limits().max_redis_recovery);

  const FailoverRecord record = exercise.Finish({&rotation}, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {RecoveredWithin(record, limits().max_redis_recovery),
                                 NothingLost(record), NothingElseRestarted(record)}),
              Proven());
}

const auto kTeamName = [](const auto& info) { return TeamTestName(info.param); };
INSTANTIATE_TEST_SUITE_P(Teams, RedisPartition, testing::ValuesIn(TeamsOfRun()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, RedisRestart, testing::ValuesIn(TeamsOfLongCases()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, RedisCrash, testing::ValuesIn(TeamsOfLongCases()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, FrozenRedis, testing::ValuesIn(TeamsOfLongCases()), kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, RedisRefusesWrites, testing::ValuesIn(TeamsOfLongCases()),
                         kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, RedisLostDuringRestart, testing::ValuesIn(TeamsOfLongCases()),
                         kTeamName);
INSTANTIATE_TEST_SUITE_P(Teams, PasswordRotation, testing::ValuesIn(TeamsOfLongCases()), kTeamName);

}  // namespace
}  // namespace proving_ground
