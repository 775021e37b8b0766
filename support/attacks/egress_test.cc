#include "support/attacks/egress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/attacks/survey_for_test.h"

namespace proving_ground {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class EgressTest : public testing::Test {
 protected:
  Verdict Judge() const { return JudgeEgress("S-15", world_.members, survey_); }

  SurveyForTest world_;
  StackSurvey survey_ = world_.Survey();
};

TEST_F(EgressTest, ClosedNetworksAreProven) {
  EXPECT_EQ(Judge().outcome, Outcome::kPassed) << Judge();
}

TEST_F(EgressTest, AWayToAContainerOutsideIsFound) {
  survey_.members.at("red-worker-1").connected.insert(survey_.bystander_listener);
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
}

TEST_F(EgressTest, AnAnswerFromNobodysAddressIsFoundEvenARefusal) {
  survey_.members.at("gateway-1").refused.insert("198.51.100.1:443");
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
  EXPECT_THAT(Judge().details, Contains(HasSubstr("gateway-1 gets answers")));
}

TEST_F(EgressTest, TheHostOverAnInternalNetworkIsFound) {
  survey_.members.at("red-worker-1").connected.insert("10.99.0.1:5001");
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
  EXPECT_THAT(Judge().details, Contains(HasSubstr("red-worker-1 reaches the host")));
}

TEST_F(EgressTest, TheHostOverANetworkWithPublishedPortsIsCounted) {
  survey_.members.at("gateway-1").connected.insert("10.99.0.1:5001");
  EXPECT_EQ(Judge().outcome, Outcome::kPassed);
  EXPECT_THAT(Judge().summary, HasSubstr("1 ways to the host lead over networks"));
}

TEST_F(EgressTest, TheHostAtAnAddressOfAnInternalNetworkIsFoundForThoseOnOthersToo) {
  const std::string own = world_.Find("gateway").addresses.begin()->first;
  const std::string host = own.substr(0, own.rfind('.')) + ".1";
  survey_.host_addresses.push_back({host, 24});
  survey_.members.at("gateway-1").connected.insert(host + ":5001");
  EXPECT_EQ(Judge().outcome, Outcome::kFailed) << own;
}

TEST_F(EgressTest, IPv6IsNoWayOutEither) {
  const StackSurvey whole = survey_;
  survey_.members.at("gateway-1").refused.insert("[2001:db8::1]:443");
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
  survey_ = whole;
  survey_.host_addresses.push_back({"fd00::1", 64});
  survey_.members.at("red-worker-1").connected.insert("[fd00::1]:5001");
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
}

TEST_F(EgressTest, NamesOfTheWorldOutsideAreFound) {
  survey_.members.at("red-worker-1").resolved["example.com"] = {"203.0.113.7"};
  EXPECT_EQ(Judge().outcome, Outcome::kFailed);
}

TEST_F(EgressTest, WithoutControlsNothingIsProven) {
  StackSurvey whole = survey_;
  survey_.host.connected.clear();
  EXPECT_EQ(Judge().outcome, Outcome::kInconclusive);
  survey_ = whole;
  survey_.bystander.connected = {"198.51.100.1:80"};
  EXPECT_EQ(Judge().outcome, Outcome::kInconclusive);
  survey_ = whole;
  survey_.members.at("red-worker-1").resolved.clear();
  EXPECT_EQ(Judge().outcome, Outcome::kInconclusive);
  EXPECT_THAT(Judge().summary, HasSubstr("the name server told red-worker-1 no name"));
  survey_ = whole;
  survey_.members.erase("redis-1");
  EXPECT_EQ(Judge().outcome, Outcome::kInconclusive);
  survey_ = whole;
  survey_.neighbours_refused = 1;
  EXPECT_EQ(Judge().outcome, Outcome::kInconclusive);
}

TEST(NetworksTest, AreComparedByTheirPrefix) {
  EXPECT_TRUE(IsOnSameNetwork("172.16.1.3", "172.16.1.200", 24));
  EXPECT_FALSE(IsOnSameNetwork("172.16.1.3", "172.16.2.3", 24));
  EXPECT_TRUE(IsOnSameNetwork("172.16.1.3", "172.16.2.3", 16));
  EXPECT_TRUE(IsOnSameNetwork("fd00::1", "fd00::2", 64));
  EXPECT_FALSE(IsOnSameNetwork("fd00:0:0:1::1", "fd00::2", 64));
  EXPECT_TRUE(IsOnSameNetwork("fd00::2", "fd00::3", 127));
  EXPECT_FALSE(IsOnSameNetwork("fd00::2", "fd00::3", 128));
  EXPECT_FALSE(IsOnSameNetwork("172.16.1.3", "fd00::2", 24));
}

}  // namespace
}  // namespace proving_ground
