#include "support/report/criteria.h"

#include <algorithm>

namespace proving_ground {

const std::vector<Criterion>& Criteria() {
  static const std::vector<Criterion> criteria = {
      {"L-1", "load", "LoadTest.WorkersComplete", "completion_test.cc",
       "nine workers in ten register, finish every task they get and leave gracefully"},
      {"L-2", "load", "TeamLoadTest.WorkersOfTheTeamComplete", "completion_test.cc",
       "in every team four workers in five do so", Scope::kEachTeam},
      {"L-3", "load", "LoadTest.EndsInTime", "wall_clock_test.cc",
       "the run ends in time, from spawning the workers to cleaning up"},
      {"L-4", "load", "LoadTest.RedisAnswersThroughout", "redis_test.cc",
       "Redis answers throughout the run"},
      {"L-5", "load", "LoadTest.WorkWasReallyDone", "evidence_test.cc",
       "the work of every finished task was really done"},
      {"L-6", "load", "LoadTest.NothingIsLostOrDoneTwice", "task_accounting_test.cc",
       "no accepted task is lost, none finishes twice, and none is made up"},
      {"L-7", "load", "LoadTest.LeavesNothingBehind", "residue_test.cc",
       "cleaning up leaves no key, container, network or process behind"},
      {"L-8", "load", "LoadTest.MemoryAndKeysStayBounded", "growth_test.cc",
       "memory and keys do not grow without bound"},
      {"L-9", "load", "LoadTest.NoTeamStarves", "fairness_test.cc", "no team starves"},
      {"F-1", "failover", "CoordinatorRestart.IsBackInTimeWithItsWorkers",
       "coordinator_outage_test.cc",
       "a coordinator restarted under load is back in time, and its workers finish what they had",
       Scope::kEachTeam},
      {"F-2", "failover", "CoordinatorCrash.IsHealedByTheRestartPolicyAlone",
       "coordinator_outage_test.cc", "the same after a crash, which the restart policy alone heals",
       Scope::kEachTeam},
      {"F-3", "failover", "CoordinatorKill.IsBackOnceAnOperatorHasStartedIt",
       "coordinator_outage_test.cc",
       "the same after a coordinator was killed and an operator started it", Scope::kEachTeam},
      {"F-4", "failover", "RedisPartition.IsRecoveredFromWithoutAStormOrARestart",
       "redis_outage_test.cc",
       "a coordinator that was cut off from Redis recovers in time, without a storm or a restart",
       Scope::kEachTeam},
      {"F-5", "failover", "RedisRestart.IsRecoveredFromWithoutOtherRestarts",
       "redis_outage_test.cc",
       "a restart of Redis is recovered from in time, without other restarts", Scope::kOneTeam},
      {"F-6", "failover", "RedisCrash.IsRecoveredFromAndLosesNothing", "redis_outage_test.cc",
       "a crash of Redis is recovered from in time, and nothing is lost", Scope::kOneTeam},
      {"F-7", "failover", "FrozenRedis.LeavesNobodyHanging", "redis_outage_test.cc",
       "while Redis is frozen callers are answered in time and nobody hangs", Scope::kOneTeam},
      {"F-8", "failover", "StatePersistence.SurvivesEveryRestart", "persistence_test.cc",
       "all that was acknowledged survives a coordinator restart, a Redis crash and a restart of "
       "the whole stack",
       Scope::kOneTeam},
      {"F-9", "failover", "WorkThroughRestart.MostOperationsSucceedAndAllTasksFinish",
       "coordinator_outage_test.cc",
       "with ten workers at work most operations succeed through a coordinator restart, and all "
       "accepted tasks finish",
       Scope::kEachTeam},
      {"F-10", "failover", "StaleCoordinator.WritesNothingWhenItWakesUp", "fencing_test.cc",
       "a coordinator that wakes up after its successor took over writes nothing", Scope::kOneTeam},
      {"F-11", "failover", "HalfTheWorkers.DieAndTheirTasksAreReassignedOnce", "workers_test.cc",
       "when half of the workers die their tasks are reassigned, once", Scope::kOneTeam},
      {"F-12", "failover", "GatewayRestart.ClientsGoOnAndThePolicyHolds", "gateway_outage_test.cc",
       "after a restart of the gateway clients go on, and its policy holds from the first request",
       Scope::kOneTeam},
      {"F-13", "failover", "RedisRefusesWrites.RefusesTasksAndLosesNone", "redis_outage_test.cc",
       "while Redis refuses writes tasks are refused, not lost, and service returns without a "
       "restart",
       Scope::kOneTeam},
      {"F-14", "failover", "NeighbourOutage.LeavesTheOtherTeamsAsTheyWere", "isolation_test.cc",
       "an outage of one team leaves the others as they were", Scope::kOneTeam},
      {"F-15", "failover", "RollingCoordinatorRestart.LosesNothingAndDownsOneAtATime",
       "isolation_test.cc",
       "a rolling restart of all coordinators under load loses nothing and downs one at a time"},
      {"F-16", "failover", "RedisLostDuringRestart.IsRecoveredFromInTime", "redis_outage_test.cc",
       "Redis lost during a coordinator restart is recovered from in time", Scope::kOneTeam},
      {"F-17", "failover", "PasswordRotation.HappensUnderLoadWithoutLoss", "redis_outage_test.cc",
       "a password rotated under load: the old one is refused, the new one works, no task is lost",
       Scope::kOneTeam},
      {"F-18", "failover", "HarnessKilled.LeavesTheStackAsItWas", "harness_killed_test.cc",
       "a harness that is killed in the middle of a fault leaves the stack as it was",
       Scope::kOneTeam},
      {"S-1", "security", "Isolation.IsInForce", "audit_test.cc",
       "no service has more privileges, capabilities, devices or host namespaces than it may, and "
       "its "
       "confinement is in force",
       Scope::kEachService},
      {"S-2", "security", "CrossTeamAccess.ReachesNothingOfTheOthers", "cross_team_test.cc",
       "a team neither sees nor runs the tools of others, reaches nothing of theirs through the "
       "tools it has, learns nothing from being refused, and every denial is in the gateway's log",
       Scope::kEachTeam},
      {"S-3", "security", "Secrets.StandNowhereInClear", "secrets_test.cc",
       "no secret stands in clear: not in environments, command lines, labels, health checks, "
       "images, logs, Redis, project files or reports, and no two teams share one",
       Scope::kEachServiceAndStack},
      {"S-4", "security", "Limits.AreDeclaredAndInForce", "audit_test.cc",
       "every service has limits of memory, CPU, processes, files and logs, and they are in force",
       Scope::kEachService},
      {"S-5", "security", "FileSystem.HoldsNothingSensitive", "audit_test.cc",
       "no service mounts a sensitive path, and its root file system is read-only",
       Scope::kEachService},
      {"S-6", "security", "Exposure.EndsAtThisMachine", "audit_test.cc",
       "no service publishes a port beyond this machine or a sensitive one, or joins networks that "
       "it "
       "should be apart from",
       Scope::kEachService},
      {"S-7", "security", "RedisIsolation.KeepsEveryOtherTeamOut", "redis_access_test.cc",
       "a team's account in Redis reaches no other team's keys or channels", Scope::kEachTeam},
      {"S-8", "security", "RedisServer.IsNobodysAlone", "redis_access_test.cc",
       "Redis lets nobody in without an account, grants no team what belongs to the whole server, "
       "logs what it denies, and has the same accounts after a restart"},
      {"S-9", "security", "ImageHygiene.IsKept", "audit_test.cc",
       "every service runs the image that it names, pinned, without tool chains or leftovers",
       Scope::kEachService},
      {"S-10", "security", "Readiness.OfFailoverIsConfigured", "audit_test.cc",
       "every service has health checks, restart and stop settings that failover can rely on",
       Scope::kEachService},
      {"S-11", "security", "AccessTokens.OnlyTheRightfulOneIsServed", "token_test.cc",
       "a token that is missing, forged, expired, meant for others or handed over in a wrong way "
       "is refused, and the rightful one is served"},
      {"S-12", "security", "GatewayTransport.AmbiguousRequestsAreRefused", "transport_test.cc",
       "requests under foreign hosts and origins, batches, calls in notifications, and messages "
       "whose header, body, revision or framing disagree are refused, and nothing in them is done"},
      {"S-13", "security", "HostileInput.LeavesTheGatewayUpAndTheOthersServed",
       "hostile_input_test.cc",
       "hostile names, requests without bounds and clients that never finish neither leave the "
       "team's part of the store nor bring the gateway down, and the others are served meanwhile"},
      {"S-14", "security", "Reachability.EqualsThePolicy", "network_test.cc",
       "who reaches whom, tried from inside every container, by name and by address, is what the "
       "contract's roles need and no more"},
      {"S-15", "security", "Egress.HasNoWayOut", "network_test.cc",
       "no internal network has a way out: neither to other networks, nor to the host, nor beyond"},
      {"S-16", "security", "Containment.HoldsUnderEveryServicesLimits", "containment_test.cc",
       "a process too many and memory too much, under a service's own limits, are stopped by the "
       "kernel, and the neighbours do not notice"},
      {"S-17", "security", "TeamFlood.IsNotFeltByTheOthers", "flood_test.cc",
       "a flood of requests by one team leaves the answer times of the others within bounds",
       Scope::kOneTeam},
      {"S-18", "security", "AuditSettings.LeaveNothingOpen", "audit_test.cc",
       "accounts and settings of Redis, secrets, networks, waivers and the engine leave nothing "
       "open"},
      {"C-1", "chaos", "RandomFaults.LoseNothing", "random_faults_test.cc",
       "a random sequence of faults under load loses nothing", Scope::kOneTeam},
  };
  return criteria;
}

const Criterion* FindCriterion(std::string_view id) {
  const auto& all = Criteria();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Criterion& c) { return c.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const Criterion* CriterionOfTest(std::string_view test) {
  const auto& all = Criteria();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Criterion& c) { return c.test == test; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace proving_ground
