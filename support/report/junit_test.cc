// The dialect against the rules of those who read it. Their own parsers: ctest/scripts.

#include "support/report/junit.h"

#include <gmock/gmock.h>

#include <map>
#include <pugixml.hpp>
#include <regex>
#include <set>

#include "support/base/files.h"
#include "support/report/run_model_loader.h"
#include "support/report/testing/sample_run.h"

namespace proving_ground {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class JUnitTest : public testing::Test {
 protected:
  void Parse(const std::string& xml) {
    const auto parsed = document_.load_string(xml.c_str(), pugi::parse_full);
    ASSERT_TRUE(parsed) << parsed.description();
  }

  void ParseSample(const FailOn& fail_on = {}) {
    const RunFolder folder = MakeSampleRun(temporary_.path() / "run");
    model_ = LoadRunModel(folder.path(), {.fail_on = fail_on});
    xml_ = JUnitXml(model_, {fail_on, temporary_.path()});
    Parse(xml_);
  }

  pugi::xml_node Case(const std::string& class_name, const std::string& id) {
    for (const auto& suite : document_.child("testsuites").children("testsuite")) {
      for (const auto& test : suite.children("testcase")) {
        const std::string name = test.attribute("name").value();
        if (class_name == test.attribute("classname").value() && name.starts_with(id + " ")) {
          return test;
        }
      }
    }
    return {};
  }

  static std::vector<std::string> Outcomes(const pugi::xml_node& test) {
    std::vector<std::string> outcomes;
    for (const auto& child : test.children()) {
      const std::string name = child.name();
      if (name == "failure" || name == "error" || name == "skipped") outcomes.push_back(name);
    }
    return outcomes;
  }

  TemporaryFolder temporary_{"junit-test"};
  RunModel model_;
  std::string xml_;
  pugi::xml_document document_;
};

TEST_F(JUnitTest, CountsOfSuitesAndOfAllAreTrue) {
  ParseSample();
  std::map<std::string, int> all;
  const auto root = document_.child("testsuites");
  for (const auto& suite : root.children("testsuite")) {
    std::map<std::string, int> seen;
    for (const auto& test : suite.children("testcase")) {
      ++seen["tests"];
      for (const std::string& outcome : Outcomes(test)) {
        ++seen[outcome == "failure" ? "failures" : outcome == "error" ? "errors" : "skipped"];
      }
    }
    for (const char* name : {"tests", "failures", "errors", "skipped"}) {
      EXPECT_EQ(suite.attribute(name).as_int(-1), seen[name]) << suite.attribute("name").value();
      all[name] += seen[name];
    }
  }
  for (const auto& [name, count] : all) EXPECT_EQ(root.attribute(name.c_str()).as_int(-1), count);
  EXPECT_GT(all["failures"], 0);
  EXPECT_GT(all["errors"], 0);
  EXPECT_GT(all["skipped"], 0);
}

TEST_F(JUnitTest, EachCaseHasOneOutcomeANameOfItsOwnAndANumericTime) {
  ParseSample();
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& suite : document_.child("testsuites").children("testsuite")) {
    EXPECT_TRUE(suite.child("testsuite").empty()) << "dorny does not walk nested ones";
    EXPECT_FALSE(std::string(suite.attribute("time").value()).empty());
    for (const auto& test : suite.children("testcase")) {
      EXPECT_LE(Outcomes(test).size(), 1U) << "Jenkins drops a second one";
      EXPECT_TRUE(
          names.insert({test.attribute("classname").value(), test.attribute("name").value()})
              .second)
          << "GitLab drops duplicates: " << test.attribute("name").value();
      EXPECT_TRUE(std::regex_match(test.attribute("time").value(), std::regex(R"(\d+\.\d{3})")));
    }
  }
}

TEST_F(JUnitTest, NamesAreTheSameInEveryRun) {
  ParseSample();
  std::set<std::string> broken;
  for (const auto& match : document_.select_nodes("//testcase")) {
    broken.insert(std::string(match.node().attribute("classname").value()) + " " +
                  match.node().attribute("name").value());
  }
  const RunFolder good = MakeGoodRun(temporary_.path() / "good");
  Parse(JUnitXml(LoadRunModel(good.path(), {}), {}));
  for (const auto& match : document_.select_nodes("//testcase")) {
    const std::string name = std::string(match.node().attribute("classname").value()) + " " +
                             match.node().attribute("name").value();
    // What no team was chosen for yet is the whole stack's, and so is a step that never began.
    if (name.find("marketing ") == std::string::npos && !name.starts_with("harness")) {
      EXPECT_TRUE(broken.contains(name)) << name;
    }
  }
}

TEST_F(JUnitTest, AMissSaysWhatWasObservedAndTheLimit) {
  ParseSample();
  const auto failure = Case("failover.sales", "F-1").child("failure");
  EXPECT_STREQ(failure.attribute("message").value(), "downtime 31200 > 30000 ms (n=4812)");
  EXPECT_STREQ(failure.attribute("type").value(), "threshold");
}

TEST_F(JUnitTest, TheTextOfAFailureLeadsToTheSource) {
  ParseSample();
  const std::string text = Case("failover.sales", "F-1").child("failure").text().get();
  std::smatch match;
  // As dorny/test-reporter reads it: folders in lower case up to the first part with a capital.
  ASSERT_TRUE(std::regex_search(text, match, std::regex(R"((?:^|\n)at (.*)\((.*):(\d+)\)\n)")));
  EXPECT_EQ(match[1], "suites.failover.CoordinatorRestart.IsBackInTimeWithItsWorkers");
  EXPECT_EQ(match[2], "coordinator_outage_test.cc");
  EXPECT_EQ(match[3], "17");
  const auto test = Case("failover.sales", "F-1");
  EXPECT_STREQ(test.attribute("file").value(), "suites/failover/coordinator_outage_test.cc");
  EXPECT_STREQ(test.attribute("line").value(), "17");
}

TEST_F(JUnitTest, WhatDidNotComeToAnEndIsAnError) {
  ParseSample();
  const auto killed = Case("failover.sales", "F-2").child("error");
  EXPECT_STREQ(killed.attribute("type").value(), "incomplete");
  EXPECT_THAT(killed.attribute("message").value(), HasSubstr("did not finish"));
  const auto never = Case("failover.sales", "F-3").child("error");
  EXPECT_STREQ(never.attribute("type").value(), "incomplete");
  EXPECT_THAT(never.attribute("message").value(), HasSubstr("not run"));
}

TEST_F(JUnitTest, InconclusiveAndSkippedAreErrorsOnlyWhereTheyFailTheRun) {
  ParseSample();
  EXPECT_THAT(Case("load", "L-8").child("skipped").attribute("message").value(),
              HasSubstr("inconclusive: too few samples"));
  EXPECT_FALSE(Case("load", "L-9").child("skipped").empty());
  ParseSample(FailOn::Strict());
  EXPECT_STREQ(Case("load", "L-8").child("error").attribute("type").value(), "inconclusive");
  EXPECT_STREQ(Case("load", "L-9").child("error").attribute("type").value(), "skipped");
}

TEST_F(JUnitTest, HostileTextsStayTexts) {
  ParseSample();
  const std::string text = Case("failover.sales", "F-1").child("failure").text().get();
  EXPECT_THAT(text, AllOf(HasSubstr("<script>alert(1)</script> ]]> &"),
                          HasSubstr("broken \xEF\xBF\xBD\xEF\xBF\xBD UTF-8")));
  EXPECT_THAT(xml_, AllOf(Not(HasSubstr("<script>")), Not(HasSubstr("\x1b")),
                          Not(HasSubstr(kSampleSecret))));
}

TEST_F(JUnitTest, ACaseIsNeverLargerThanItsLimit) {
  CriterionResult result{.criterion = "L-1", .suite = "load", .test = "LoadTest.X"};
  result.file = "suites/load/x_test.cc";
  result.state = ResultState::kFailed;
  for (int i = 0; i < 500; ++i) {
    result.details.emplace_back(1'000, '&');
    result.failures.emplace_back(1'000, '<');
    result.measures.push_back({std::string(300, '"'), 2, "<=", 1, "ms", 3});
  }
  result.summary = std::string(1 << 20U, '\'');
  model_.results = {result};
  EXPECT_LT(JUnitXml(model_, {}).size(), kMostOfCase + 1'000);
}

TEST_F(JUnitTest, ARunThatNeverGotToACaseShowsItsError) {
  model_.errors.push_back({"stack.up", 4, "no engine answers; start one"});
  Parse(JUnitXml(model_, {}));
  const auto test = document_.child("testsuites").child("testsuite").child("testcase");
  EXPECT_STREQ(test.attribute("classname").value(), "harness");
  EXPECT_STREQ(test.child("error").attribute("type").value(), "environment");
}

TEST_F(JUnitTest, EvidenceIsAttachedToBadCasesByPathsWithinTheRepository) {
  ParseSample();
  EXPECT_THAT(Case("failover.sales", "F-1").child("system-out").text().get(),
              HasSubstr("[[ATTACHMENT|run/failover/F-1.sales.json]]"));
  EXPECT_THAT(Case("load", "L-1").child("system-out").text().get(), Not(HasSubstr("ATTACHMENT")));
  Parse(JUnitXml(model_, {.repository = "/elsewhere"}));
  EXPECT_THAT(Case("failover.sales", "F-1").child("system-out").text().get(),
              Not(HasSubstr("ATTACHMENT")));
}

TEST(XmlTextTest, KeepsWhatXmlMayHoldAndReplacesTheRest) {
  EXPECT_EQ(XmlText("a\tb\nc", 99), "a\tb\nc");
  EXPECT_EQ(XmlText(std::string("a\0b\x07\x7f", 5), 99), "ab");
  EXPECT_EQ(XmlText("ü → 🙂", 99), "ü → 🙂");
  EXPECT_EQ(XmlText("\xC0\xAF", 99), "\xEF\xBF\xBD\xEF\xBF\xBD") << "overlong";
  EXPECT_EQ(XmlText("\xED\xA0\x80", 99), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "a surrogate";
  EXPECT_EQ(XmlText("\xEF\xBF\xBF", 99), "") << "no character";
  EXPECT_EQ(XmlText("\xF0\x9F", 99), "\xEF\xBF\xBD\xEF\xBF\xBD") << "cut off";
  EXPECT_EQ(XmlText("abc", 2), "ab… (cut)");
}

}  // namespace
}  // namespace proving_ground
