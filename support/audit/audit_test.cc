#include "support/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<Finding> Of(const AuditResult& result, const std::string& rule) {
  std::vector<Finding> findings;
  for (const Finding& finding : result.findings) {
    if (finding.rule == rule) findings.push_back(finding);
  }
  return findings;
}

AuditResult AuditOf(const Change& change) {
  AuditInput input = CleanStack();
  change(input);
  return Audit(input);
}

TEST(AuditTest, OneFaultIsOneFindingAtItsDeclaration) {
  const AuditResult result =
      AuditOf(Both("redis", R"({"privileged": true})", R"({"Privileged": true})"));

  const std::vector<Finding> findings = Of(result, "ISO-01");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].place.field, "services.redis.privileged");
  EXPECT_EQ(findings[0].severity, Severity::kCritical);
}

TEST(AuditTest, ContainerThatDiffersFromItsDeclarationIsNamed) {
  const AuditResult result = AuditOf(Given("redis", R"({"HostConfig": {"Privileged": true}})"));

  const std::vector<Finding> findings = Of(result, "ISO-01");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].place.object, "shop-redis-1");
  EXPECT_EQ(findings[0].place.field, "HostConfig.Privileged");
}

TEST(AuditTest, ReplicasWithOneFaultAreCounted) {
  AuditInput input = CleanStack();
  json container = input.inspected->containers[3];
  ASSERT_EQ(container["Config"]["Labels"]["com.docker.compose.service"], "sales-worker");
  container["HostConfig"]["Memory"] = 0;
  input.inspected->containers[3] = container;
  container["Id"] = "id-2";
  container["Name"] = "/shop-sales-worker-2";
  input.inspected->containers.push_back(container);

  const std::vector<Finding> findings = Of(Audit(input), "RES-01");

  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].evidence, "no memory limit (and 1 more container)");
}

TEST(AuditTest, MostSevereFindingsComeFirst) {
  const AuditResult result =
      AuditOf(Declared("redis", R"({"tty": true, "privileged": true, "read_only": false})"));

  ASSERT_GE(result.findings.size(), 3u);
  EXPECT_EQ(result.findings.front().severity, Severity::kCritical);
  EXPECT_TRUE(std::is_sorted(result.findings.begin(), result.findings.end(),
                             [](const auto& a, const auto& b) { return a.severity > b.severity; }));
}

TEST(AuditTest, VerdictFollowsSeverity) {
  EXPECT_EQ(AuditOf(Declared("redis", R"({"tty": true})")).Verdict(), AuditVerdict::kPassed);
  EXPECT_EQ(AuditOf(Declared("redis", R"({"read_only": false})")).Verdict(), AuditVerdict::kFailed);
}

TEST(AuditTest, WhatCannotBeReadIsInconclusive) {
  const AuditResult result = AuditOf([](AuditInput& input) { input.live.erase("id-of-redis"); });

  EXPECT_EQ(result.Verdict(), AuditVerdict::kInconclusive);
  EXPECT_THAT(result.unevaluated,
              Contains(AllOf(Field(&Unevaluated::rule, "RES-09"),
                             Field(&Unevaluated::reason, HasSubstr("nothing was read")))));
}

TEST(AuditTest, WithoutContainersEffectiveRulesAreUnevaluated) {
  AuditInput input = CleanStack();
  input.inspected.reset();

  const AuditResult result = Audit(input);

  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_EQ(result.Verdict(), AuditVerdict::kInconclusive);
}

TEST(AuditTest, SettingOfAWrongTypeIsInconclusive) {
  const AuditResult result = AuditOf(Declared("redis", R"({"privileged": {"yes": 1}})"));

  EXPECT_THAT(result.unevaluated,
              Contains(AllOf(
                  Field(&Unevaluated::rule, "INPUT"),
                  Field(&Unevaluated::place, Field(&Place::field, "services.redis.privileged")))));
}

TEST(AuditTest, ModelWithoutServicesIsOneClearError) {
  AuditInput input = CleanStack();
  for (const char* model :
       {"[]", "null", "{}", R"({"services": []})", R"({"services": null})", "7"}) {
    input.model = json::parse(model);
    EXPECT_THROW(Audit(input), ContractError) << model;
  }
}

TEST(AuditTest, OnlyTheTeamsOfTheRunAreJudged) {
  AuditInput input = CleanStack();
  input.model["services"]["sales-worker"]["privileged"] = true;
  input.contract = ParseContract(input.model, {.teams = {"support"}});
  EXPECT_THAT(Of(Audit(input), "ISO-01"), IsEmpty());

  input.contract = ParseContract(input.model, {.teams = {"sales"}});
  EXPECT_THAT(Of(Audit(input), "ISO-01"), Not(IsEmpty()));
}

TEST(AuditTest, SecretsAreNeverShown) {
  const AuditResult result = AuditOf(
      All({Declared(
               "redis",
               R"({"environment": {"A": "S3CRET-1"}, "command": ["x", "--password", "S3CRET-2"]})"),
           RedisAcl("user guest on >S3CRET-3"),
           Model(R"({"volumes": {"v": {"driver_opts": {"o": "password=S3CRET-4"}}}})")}));

  EXPECT_GE(result.findings.size(), 4u);
  for (const Finding& finding : result.findings) {
    EXPECT_THAT(finding.evidence + PlaceText(finding.place), Not(HasSubstr("S3CRET")))
        << finding.rule;
  }
}

// Hands out what it was given.
class FakeSource : public InspectSource {
 public:
  explicit FakeSource(Inspected inspected) : inspected_(std::move(inspected)) {}

  json Info() override { return inspected_.info; }
  std::vector<std::string> Containers(const std::string& project) override {
    EXPECT_EQ(project, "shop");
    std::vector<std::string> ids = {"vanished"};
    for (const json& container : inspected_.containers) ids.push_back(container.at("Id"));
    return ids;
  }
  json Container(const std::string& id) override { return Among(inspected_.containers, "Id", id); }
  json Network(const std::string& name) override {
    return Among(inspected_.networks, "Name", name);
  }
  json Volume(const std::string& name) override { return {{"Name", name}}; }
  json Image(const std::string& name) override {
    return name.starts_with("sha256:") ? inspected_.images.at(name) : inspected_.tags.at(name);
  }
  json ImageHistory(const std::string& name) override { return inspected_.histories.at(name); }

 private:
  static json Among(const std::vector<json>& all, const char* key, const std::string& value) {
    for (const json& one : all) {
      if (one.at(key) == value) return one;
    }
    throw std::runtime_error("no such object");
  }

  Inspected inspected_;
};

TEST(AuditTest, InspectGathersWhatContainersUseAndSurvivesWhatVanishes) {
  AuditInput input = CleanStack();
  FakeSource source(*std::exchange(input.inspected, std::nullopt));

  Inspect(source, input);

  EXPECT_EQ(input.inspected->containers.size(), 6u);
  EXPECT_EQ(input.inspected->networks.size(), 5u);
  EXPECT_EQ(input.inspected->volumes.size(), 1u);
  EXPECT_EQ(input.inspected->images.size(), 1u);
  ASSERT_EQ(input.unavailable.size(), 1u);
  EXPECT_EQ(input.unavailable[0].object, "container vanished");
  const AuditResult result = Audit(input);
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_EQ(result.Verdict(), AuditVerdict::kInconclusive);
}

}  // namespace
}  // namespace proving_ground::audit
