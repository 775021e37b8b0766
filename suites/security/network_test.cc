#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fixtures/matchers.h"
#include "fixtures/security_test.h"
#include "fixtures/stack_attacks.h"
#include "support/attacks/egress.h"
#include "support/attacks/reachability.h"

namespace proving_ground {
namespace {

class Reachability : public WholeStackAttackTest {
 protected:
  Reachability() : WholeStackAttackTest("S-14") {}
};

// S-14: who reaches whom, tried from inside every container, by name and by address, is what the
// contract's roles need and no more.
TEST_F(Reachability, EqualsThePolicy) {
  const std::vector<Member> members =
      MembersOf(running().stack(), running().engine(), ContractOfRun());

  const StackSurvey survey = SurveyOf(running(), members);

  nlohmann::json matrix = ToJson(members, survey);
  matrix["pairs"] = ReachabilityPairs(ContractOfRun(), members, survey);
  KeepMatrix(running(), "reachability", matrix);
  EXPECT_THAT(Recorded(JudgeReachability(criterion(), ContractOfRun(), members, survey)), Proven());
}

class Egress : public WholeStackAttackTest {
 protected:
  Egress() : WholeStackAttackTest("S-15") {}

  std::vector<Member> OfRun(std::vector<Member> members) const {
    std::erase_if(members, [contract = ContractOfRun()](const Member& member) {
      return !IsOfRun(contract, member);
    });
    return members;
  }
};

// S-15: no internal network has a way out: neither to other networks, nor to the host, nor beyond.
TEST_F(Egress, HasNoWayOut) {
  const std::vector<Member> members =
      MembersOf(running().stack(), running().engine(), ContractOfRun());

  const StackSurvey survey = SurveyOf(running(), members);

  KeepMatrix(running(), "egress", ToJson(members, survey));
  EXPECT_THAT(Recorded(JudgeEgress(criterion(), OfRun(members), survey)), Proven());
}

}  // namespace
}  // namespace proving_ground
