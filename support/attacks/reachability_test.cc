#include "support/attacks/reachability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/attacks/survey_for_test.h"

namespace proving_ground {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

Verdict Judge(const SurveyForTest& world, const StackSurvey& survey) {
  return JudgeReachability("S-14", world.contract, world.members, survey);
}

TEST(ReachabilityTest, APolicyThatHoldsIsProven) {
  const SurveyForTest world;
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  // Two workers to coordinator and gateway, two coordinators and the gateway to Redis.
  EXPECT_THAT(verdict.summary, HasSubstr("7 of 7 required ones"));
}

TEST(ReachabilityTest, CoordinatorsThatMeetAreFound) {
  SurveyForTest world;
  world.Attach("blue-coordinator", "store-red");
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details,
              Contains(HasSubstr("red-coordinator-1 connects to blue-coordinator-1 at port 8080")));
}

TEST(ReachabilityTest, MergedNetworksOfTeamsAreFound) {
  SurveyForTest world;
  world.Attach("blue-worker", "red");
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("blue-worker-1 connects to red-coordinator-1")));
}

TEST(ReachabilityTest, WorkersThatMeetAreFoundThoughNeitherListens) {
  SurveyForTest world;
  world.Attach("blue-worker", "lounge");
  world.Attach("red-worker", "lounge");
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("blue-worker-1 was refused by red-worker-1 at port 22"));
}

TEST(ReachabilityTest, AWorkerAtRedisIsFound) {
  SurveyForTest world;
  world.Attach("red-worker", "store-red");
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("red-worker-1 connects to redis-1")));
}

TEST(ReachabilityTest, ConnectionsOverIPv6AreJudgedToo) {
  SurveyForTest world;
  world.Find("blue-coordinator").addresses["fd00::b"] = {"blue", true};
  StackSurvey survey = world.Survey();
  survey.members.at("red-worker-1").connected.insert("[fd00::b]:8080");
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details,
              Contains(HasSubstr("red-worker-1 connects to blue-coordinator-1 at port 8080")));
}

TEST(ReachabilityTest, AnAddressThatTheEngineDoesNotKnowIsItsOwnersToo) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.members.at("blue-worker-1").interfaces.push_back({"fd00::c", 64});
  survey.members.at("red-worker-1").connected.insert("[fd00::c]:22");
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kFailed);
}

TEST(ReachabilityTest, AServiceWithoutContainersIsInconclusive) {
  SurveyForTest world;
  world.contract.services.push_back({"redis-2", Role::kRedis, ""});
  const Verdict verdict = Judge(world, world.Survey());
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("no container of redis-2 runs"));
}

TEST(ReachabilityTest, WhereNothingMustConnectNothingIsProven) {
  SurveyForTest world;
  world.contract.services.clear();
  for (Member& member : world.members) member.role = Role::kWorker;
  EXPECT_EQ(Judge(world, world.Survey()).outcome, Outcome::kInconclusive);
}

TEST(ReachabilityTest, OfOtherTeamsOnlyWhatReachesIntoTheRunsIsJudged) {
  SurveyForTest world;
  world.contract.teams = {"red"};
  StackSurvey survey = world.Survey();
  // Blue's own affair: it does not reach the gateway.
  survey.members.at("blue-worker-1").connected.clear();
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kPassed) << Judge(world, survey);
  const std::string red = world.Find("red-coordinator").addresses.begin()->first;
  survey.members.at("blue-worker-1").connected.insert(red + ":8080");
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kFailed);
}

TEST(ReachabilityTest, AListenerThatNobodyDeclaredIsFound) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  const std::string address = world.Find("red-coordinator").addresses.begin()->first;
  survey.members.at("red-worker-1").connected.insert(address + ":9999");
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("at port 9999")));
}

TEST(ReachabilityTest, AMissingConnectionIsFound) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.members.at("red-worker-1").connected.clear();
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("red-worker-1 does not reach gateway-1"));
}

TEST(ReachabilityTest, AMissingNameIsFound) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.members.at("red-coordinator-1").resolved.erase("redis");
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("red-coordinator-1 does not reach redis by name"));
}

TEST(ReachabilityTest, ANameThatLeadsAcrossNetworksIsFound) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.members.at("red-worker-1").resolved["redis"] = {
      world.Find("redis").addresses.begin()->first};
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("red-worker-1 resolves redis")));
}

TEST(ReachabilityTest, AContainerThatCouldNotBeEnteredIsInconclusive) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.members["red-worker-1"] = {.error = "it was restarted"};
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("it was restarted"));
  survey = world.Survey();
  survey.complete = false;
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kInconclusive);
}

TEST(ReachabilityTest, AttemptsThatTheKernelDroppedProveNothing) {
  SurveyForTest world;
  StackSurvey survey = world.Survey();
  survey.neighbours_refused = 3;
  const Verdict verdict = Judge(world, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("gc_thresh3"));

  survey.neighbours_refused.reset();
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kInconclusive) << "nobody counted";

  world.Attach("blue-worker", "red");  // what did connect counts all the same
  survey = world.Survey();
  survey.neighbours_refused = 3;
  EXPECT_EQ(Judge(world, survey).outcome, Outcome::kFailed);
}

TEST(ReachabilityTest, ServicesWithoutARoleAreNotJudged) {
  SurveyForTest world;
  world.Add("dashboard", std::nullopt, "", {"red"});
  EXPECT_EQ(Judge(world, world.Survey()).outcome, Outcome::kPassed);
}

TEST(ReachabilityTest, ReadsWhatTheHelperWrites) {
  StackSurvey survey;
  Take(R"({"outside":{"address":"172.16.0.2","port":53645},)"
       R"("host":{"addresses":[{"address":"172.16.1.1","prefix":24}],"port":42023}})",
       survey);
  Take(R"({"container":"c-1","interfaces":[{"address":"172.16.1.3","prefix":24}],)"
       R"("listening":[8080],"namespace":4026532445})",
       survey);
  Take(R"({"container":"c-2","error":"open /proc/7/ns/net: No such file or directory"})", survey);
  Take(R"({"source":"c-1","attempts":2,"connected":["172.16.1.4:8080"],"refused":[],)"
       R"("resolved":{"redis":["172.16.1.4"]}})",
       survey);
  Take(R"({"ended":true,"attempts":2,"neighbours_refused":7})", survey);
  Take("what is no JSON", survey);
  EXPECT_TRUE(survey.complete);
  EXPECT_EQ(survey.neighbours_refused, 7);
  EXPECT_EQ(survey.bystander_listener, "172.16.0.2:53645");
  EXPECT_THAT(survey.members.at("c-1").connected, Contains("172.16.1.4:8080"));
  EXPECT_THAT(survey.members.at("c-2").error, HasSubstr("No such file"));
  EXPECT_THROW(Take(R"({"error":"enter a network namespace: Operation not permitted"})", survey),
               EnvironmentError);
}

}  // namespace
}  // namespace proving_ground
