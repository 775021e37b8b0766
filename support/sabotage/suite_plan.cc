#include "support/sabotage/suite_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include "support/report/criteria.h"

namespace proving_ground {
namespace {

constexpr std::string_view kLoad = "load_suite";
constexpr std::string_view kAudit = "audit_suite";
constexpr std::string_view kFailover = "failover_suite";
constexpr std::string_view kSecurity = "security_suite";

// The sample of the unconcerned: cases of failover that take seconds, and two that the audit
// decides.
constexpr std::array kSample = {"F-1", "F-3", "S-1", "F-5", "F-12", "S-4"};

// The pattern of a case: of all its teams or services, or of one team.
std::string Pattern(const CriterionCase& found, const std::string& team) {
  const Scope scope = FindCriterion(found.criterion)->scope;
  const std::string test(found.test);
  if (scope == Scope::kStack) return test;
  const bool long_case = found.program == kFailover || scope == Scope::kOneTeam;
  std::string name = team;
  std::replace(name.begin(), name.end(), '-', '_');
  return "*/" + test + "/" + (long_case ? name : "*");
}

void AddProgram(std::string_view program, std::set<std::string>& criteria) {
  for (const CriterionCase& one : CriterionCases()) {
    if (one.program == program) criteria.emplace(one.criterion);
  }
}

bool Judges(std::string_view program, const std::vector<std::string>& ids) {
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    return std::any_of(CriterionCases().begin(), CriterionCases().end(), [&](const auto& one) {
      return one.criterion == id && one.program == program;
    });
  });
}

// The same one for the same sabotage, whatever else is in the catalogue.
void AddSample(const Sabotage& sabotage, std::set<std::string>& criteria) {
  const int start = std::accumulate(sabotage.name.begin(), sabotage.name.end(), 0);
  for (std::size_t i = 0; i < kSample.size(); ++i) {
    const std::string id = kSample[(static_cast<std::size_t>(start) + i) % kSample.size()];
    const auto expected = [&](const std::vector<std::string>& ids) {
      return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    if (expected(sabotage.must) || expected(sabotage.may)) continue;
    criteria.insert(id);
    return;
  }
}

std::set<std::string> CriteriaFor(const Sabotage& sabotage) {
  std::set<std::string> criteria(sabotage.must.begin(), sabotage.must.end());
  criteria.insert(sabotage.also.begin(), sabotage.also.end());
  criteria.insert(sabotage.abstain.begin(), sabotage.abstain.end());
  const std::vector<std::string> concerned(criteria.begin(), criteria.end());
  if (Judges(kLoad, concerned)) AddProgram(kLoad, criteria);
  const bool security = sabotage.group == "security" || sabotage.LookAlike();
  if (security || Judges(kAudit, concerned)) AddProgram(kAudit, criteria);
  if (sabotage.group == "failover" && sabotage.suite_program.empty() &&
      Judges(kFailover, concerned))
    AddSample(sabotage, criteria);
  return criteria;
}

}  // namespace

const std::vector<CriterionCase>& CriterionCases() {
  static const std::vector<CriterionCase> cases = {
      {"L-1", kLoad, "LoadTest.WorkersComplete"},
      {"L-2", kLoad, "TeamLoadTest.WorkersOfTheTeamComplete"},
      {"L-3", kLoad, "LoadTest.EndsInTime"},
      {"L-4", kLoad, "LoadTest.RedisAnswersThroughout"},
      {"L-5", kLoad, "LoadTest.WorkWasReallyDone"},
      {"L-6", kLoad, "LoadTest.NothingIsLostOrDoneTwice"},
      {"L-7", kLoad, "LoadTest.LeavesNothingBehind"},
      {"L-8", kLoad, "LoadTest.MemoryAndKeysStayBounded"},
      {"L-9", kLoad, "LoadTest.NoTeamStarves"},
      {"F-1", kFailover, "CoordinatorRestart.IsBackInTimeWithItsWorkers"},
      {"F-2", kFailover, "CoordinatorCrash.IsHealedByTheRestartPolicyAlone"},
      {"F-3", kFailover, "CoordinatorKill.IsBackOnceAnOperatorHasStartedIt"},
      {"F-4", kFailover, "RedisPartition.IsRecoveredFromWithoutAStormOrARestart"},
      {"F-5", kFailover, "RedisRestart.IsRecoveredFromWithoutOtherRestarts"},
      {"F-6", kFailover, "RedisCrash.IsRecoveredFromAndLosesNothing"},
      {"F-7", kFailover, "FrozenRedis.LeavesNobodyHanging"},
      {"F-8", kFailover, "StatePersistence.SurvivesEveryRestart"},
      {"F-9", kFailover, "WorkThroughRestart.MostOperationsSucceedAndAllTasksFinish"},
      {"F-10", kFailover, "StaleCoordinator.WritesNothingWhenItWakesUp"},
      {"F-11", kFailover, "HalfTheWorkers.DieAndTheirTasksAreReassignedOnce"},
      {"F-12", kFailover, "GatewayRestart.ClientsGoOnAndThePolicyHolds"},
      {"F-13", kFailover, "RedisRefusesWrites.RefusesTasksAndLosesNone"},
      {"F-14", kFailover, "NeighbourOutage.LeavesTheOtherTeamsAsTheyWere"},
      {"F-15", kFailover, "RollingCoordinatorRestart.LosesNothingAndDownsOneAtATime"},
      {"F-16", kFailover, "RedisLostDuringRestart.IsRecoveredFromInTime"},
      {"F-17", kFailover, "PasswordRotation.HappensUnderLoadWithoutLoss"},
      {"F-18", kFailover, "HarnessKilled.LeavesTheStackAsItWas"},
      {"S-1", kAudit, "Isolation.IsInForce"},
      {"S-2", kSecurity, "CrossTeamAccess.ReachesNothingOfTheOthers"},
      {"S-3", kAudit, "Secrets.StandNowhereInClear"},
      {"S-4", kAudit, "Limits.AreDeclaredAndInForce"},
      {"S-5", kAudit, "FileSystem.HoldsNothingSensitive"},
      {"S-6", kAudit, "Exposure.EndsAtThisMachine"},
      {"S-7", kSecurity, "RedisIsolation.KeepsEveryOtherTeamOut"},
      {"S-8", kSecurity, "RedisServer.IsNobodysAlone"},
      {"S-9", kAudit, "ImageHygiene.IsKept"},
      {"S-10", kAudit, "Readiness.OfFailoverIsConfigured"},
      {"S-11", kSecurity, "AccessTokens.OnlyTheRightfulOneIsServed"},
      {"S-12", kSecurity, "GatewayTransport.AmbiguousRequestsAreRefused"},
      {"S-13", kSecurity, "HostileInput.LeavesTheGatewayUpAndTheOthersServed"},
      {"S-14", kSecurity, "Reachability.EqualsThePolicy"},
      {"S-15", kSecurity, "Egress.HasNoWayOut"},
      {"S-16", kSecurity, "Containment.HoldsUnderEveryServicesLimits"},
      {"S-17", kSecurity, "TeamFlood.IsNotFeltByTheOthers"},
      {"S-18", kAudit, "AuditSettings.LeaveNothingOpen"},
      {"C-1", "chaos_suite", "RandomFaults.LoseNothing"},
  };
  return cases;
}

SuitePlan PlanSuites(const Sabotage& sabotage, const std::string& team) {
  const std::set<std::string> wanted = CriteriaFor(sabotage);
  SuitePlan plan;
  std::map<std::string, std::vector<std::string>> patterns;  // by program
  for (const CriterionCase& one : CriterionCases()) {
    if (!wanted.contains(std::string(one.criterion))) continue;
    plan.criteria.emplace_back(one.criterion);
    patterns[std::string(one.program)].push_back(Pattern(one, team));
    plan.load = plan.load || one.program == kLoad;
    plan.audit = plan.audit || one.program == kAudit;
    plan.at_work = plan.at_work || (one.program != kAudit && one.program != kSecurity);
  }
  for (const auto& [program, tests] : patterns) {
    plan.runs.push_back({program, fmt::format("{}", fmt::join(tests, ":"))});
  }
  return plan;
}

}  // namespace proving_ground
