#include "support/audit/sarif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using ::testing::AnyOf;

json ReportOf(const Change& change) {
  AuditInput input = CleanStack();
  change(input);
  return SarifReport(Audit(input));
}

const json& RunOf(const json& report) { return report.at("runs").at(0); }

TEST(SarifTest, HasTheRequiredStructure) {
  const json report = ReportOf(Declared("redis", R"({"privileged": true, "tty": true})"));

  EXPECT_EQ(report.at("version"), "2.1.0");
  ASSERT_EQ(report.at("runs").size(), 1u);
  const json& driver = RunOf(report).at("tool").at("driver");
  EXPECT_TRUE(driver.at("name").is_string());
  std::set<std::string> ids;
  for (const json& rule : driver.at("rules")) {
    EXPECT_TRUE(ids.insert(rule.at("id")).second);
    EXPECT_FALSE(rule.at("shortDescription").at("text").get<std::string>().empty());
    EXPECT_THAT(rule.at("defaultConfiguration").at("level").get<std::string>(),
                AnyOf("error", "warning", "note"));
  }
  ASSERT_FALSE(RunOf(report).at("results").empty());
  for (const json& result : RunOf(report).at("results")) {
    const auto index = result.at("ruleIndex").get<std::size_t>();
    EXPECT_EQ(driver.at("rules").at(index).at("id"), result.at("ruleId"));
    EXPECT_THAT(result.at("level").get<std::string>(), AnyOf("error", "warning", "note"));
    EXPECT_FALSE(result.at("message").at("text").get<std::string>().empty());
    EXPECT_EQ(result.at("locations").size(), 1u);
  }
}

TEST(SarifTest, ResultsNameFileAndLine) {
  const json report =
      ReportOf(All({Declared("redis", R"({"privileged": true})"), [](AuditInput& input) {
                      input.compose_files = {
                          {"my stack/compose.yaml", "services:\n  redis:\n    privileged: true\n"}};
                    }}));

  const json& place =
      RunOf(report).at("results").at(0).at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "my%20stack/compose.yaml");
  EXPECT_EQ(place.at("region").at("startLine"), 3);
}

TEST(SarifTest, WaivedFindingsAreSuppressed) {
  const json report = ReportOf(All(
      {Declared("redis", R"({"read_only": false})"), [](AuditInput& input) {
         input.model["x-acceptance"]["security"]["waivers"] = json::parse(
             R"([{"rule": "MNT-05", "service": "redis", "reason": "plugin", "owner": "ops", "expires": "2027-01-01"}])");
       }}));

  ASSERT_EQ(RunOf(report).at("results").size(), 1u);
  const json& suppression = RunOf(report).at("results").at(0).at("suppressions").at(0);
  EXPECT_EQ(suppression.at("kind"), "external");
  EXPECT_EQ(suppression.at("justification"), "plugin (ops, until 2027-01-01)");
}

TEST(SarifTest, UnevaluatedRulesAreNotifications) {
  const json report = ReportOf([](AuditInput& input) { input.live.clear(); });

  const json& notifications =
      RunOf(report).at("invocations").at(0).at("toolExecutionNotifications");
  ASSERT_FALSE(notifications.empty());
  EXPECT_EQ(notifications.at(0).at("level"), "warning");
  EXPECT_TRUE(RunOf(report).at("results").empty());
}

TEST(SarifTest, BrokenTextDoesNotBreakTheReport) {
  AuditInput input = CleanStack();
  json service = input.model["services"]["redis"];
  service["privileged"] = true;
  input.model["services"]["\xff\xfe\n\xe2\x80\xae"] = service;

  EXPECT_NO_THROW(SarifReport(Audit(input)).dump());
}

}  // namespace
}  // namespace proving_ground::audit
