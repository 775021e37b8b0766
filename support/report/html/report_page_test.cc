#include "support/report/html/report_page.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <set>

#include "support/report/html/testing/hand_made_run.h"

namespace proving_ground::html {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using testing::Not;
using testing::SizeIs;

// The page up to its scripts: what people read.
std::string Readable(const RunModel& model) {
  const std::string page = RenderReportPage(model);
  return page.substr(0, page.find("<script"));
}

std::size_t CountOf(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(ReportPageTest, TheVerdictComesFirst) {
  const std::string page = Readable(HandMadeRun());
  const auto verdict = page.find("<h1>NOT READY: a criterion was missed</h1>");
  ASSERT_NE(verdict, std::string::npos);
  EXPECT_LT(verdict, page.find("<table"));
  EXPECT_THAT(page, HasSubstr(R"(<a href="#criterion-f-1">F-1 sales failed: down for 31.2 s</a>)"));
}

TEST(ReportPageTest, TargetAndMeasuredStandSideBySide) {
  const std::string page = Readable(HandMadeRun());
  EXPECT_THAT(page,
              AllOf(HasSubstr("\u2265 90 % <small>complete workers"), HasSubstr("98 % <small>n=50"),
                    HasSubstr("\u2264 30 s <small>downtime"), HasSubstr("31.2 s <small>n=2811"),
                    HasSubstr("least margin of 5: sales")));
}

TEST(ReportPageTest, ObservedLimitMarginAndSamplesOfEachCriterion) {
  EXPECT_THAT(
      Readable(HandMadeRun()),
      HasSubstr("<td>downtime</td><td class=\"n\">31.2 s</td><td class=\"n\">\u2264 30 s</td>"
                "<td class=\"n missed\">\u22121.23 s</td><td class=\"n\">2811</td>"));
}

TEST(ReportPageTest, EveryPartIsThere) {
  const std::string page = Readable(HandMadeRun());
  for (const char* part : {"readiness", "criteria", "load", "failover", "attacks", "findings",
                           "logs", "not-proven", "comparison", "environment"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + part + "\""));
    EXPECT_THAT(page, HasSubstr(std::string("<a href=\"#") + part + "\""));
  }
}

TEST(ReportPageTest, NoTextBecomesMarkup) {
  const std::string page = Readable(HandMadeRun());
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("</script><!--")));
  EXPECT_THAT(CountOf(page, "&lt;img src="), Ge(8U)) << "planted in eight places";
}

TEST(ReportPageTest, ScriptsAreOursAlone) {
  const std::string page = RenderReportPage(HandMadeRun());
  EXPECT_EQ(CountOf(page, "<script"), CountOf(page, "</script>"));
  EXPECT_EQ(CountOf(page, "<script>") + CountOf(page, "<script type=\"application/json\""), 3U);
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe")));
}

TEST(ReportPageTest, IdsAreUniqueAndLinksLeadSomewhere) {
  const std::string page = Readable(HandMadeRun());
  std::multiset<std::string> ids;
  const std::regex id(" id=\"([^\"]*)\"");
  for (std::sregex_iterator i(page.begin(), page.end(), id), end; i != end; ++i)
    ids.insert((*i)[1]);
  for (const std::string& one : ids) EXPECT_EQ(ids.count(one), 1U) << one;
  const std::regex link("href=\"#([^\"]*)\"");
  for (std::sregex_iterator i(page.begin(), page.end(), link), end; i != end; ++i) {
    EXPECT_EQ(ids.count((*i)[1]), 1U) << "a link leads to #" << (*i)[1];
  }
}

TEST(ReportPageTest, AnEmptyRunHasAPageToo) {
  RunModel model;
  model.headline = "NOT PROVEN: the run could not be carried out";
  const std::string page = Readable(model);
  EXPECT_THAT(page, AllOf(HasSubstr("NOT PROVEN"), HasSubstr("did not finish")));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"load\"")));
}

TEST(ReportPageTest, TheLongestRunStaysBelowTwoMegabytes) {
  RunModel model = HandMadeRun();
  const FailoverExercise exercise = model.failover.front();
  for (int i = 0; i < 400; ++i) {
    model.failover.push_back(exercise);
    model.failover.back().team = "team" + std::to_string(i);
  }
  EXPECT_THAT(RenderReportPage(model), SizeIs(Lt(2'000'000U)));
}

}  // namespace
}  // namespace proving_ground::html
