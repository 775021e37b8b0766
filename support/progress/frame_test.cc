#include "support/progress/frame.h"

#include <gmock/gmock.h>

#include "support/progress/events_for_test.h"
#include "support/progress/line_text.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string Text(const std::vector<std::string>& lines) {
  std::string text = "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class FrameTest : public testing::Test {
 protected:
  FrameTest() {
    progress_.SetPlanned(8);
    Case(10, "LoadTest.EndsInTime", "L-3", "", "passed");
    Case(12, "CoordinatorRestart.IsBackInTimeWithItsWorkers", "F-1", "sales", "failed");
  }

  void Case(double second, const char* test, const char* criterion, const char* team,
            const char* outcome) {
    progress_.Apply(CaseStart(second, test, team, 3));
    progress_.Apply(VerdictOn(second, criterion, team, outcome, 3));
    progress_.Apply(CaseEnd(second + 1, test, outcome, 1'000, 3));
  }

  void Kill() {
    progress_.Apply(CaseStart(100, kKillTest, "sales", 7));
    progress_.Apply(FaultEvent(105, kFaultInjected, 7));
    progress_.Apply(FaultEvent(106, kFaultEffect, 7));
  }

  void Load() {
    progress_.Apply(EventAt(20, kStepStart, json::object({{"step", "load.run"}})));
    progress_.Apply(LoadAt(140, "load", 118));
  }

  std::vector<std::string> Draw(double second, std::size_t columns = 100, std::size_t lines = 24) {
    return DrawFrame(progress_.state(), AtSecond(second), {columns, lines, colour_});
  }

  RunProgress progress_;
  bool colour_ = false;
};

TEST_F(FrameTest, ACaseWithAnOpenFault) {
  Kill();
  EXPECT_EQ(Text(Draw(134)), R"(
judged    [######------------------]  2 of 8   1 passed, 1 failed   run 2:04
now       failover  F-3 sales   34 s   the same after a coordinator was killed and an operator star…
fault     kill of sales-coordinator   in effect, 29 s
)");
}

TEST_F(FrameTest, ALoadRunWithABarForEachTeam) {
  Load();
  EXPECT_EQ(Text(Draw(142)), R"(
judged       [######------------------]  2 of 8   1 passed, 1 failed   run 2:12
now          load.run   2:02
load         [#########---------------]  120 of 300 s   phase load
  marketing  [########################]  520 of 520   10 workers, 2 running, p99 30.0 ms
  sales      [######------------------]  130 of 520   10 workers, 2 running, 3 failed, p99 30.0 ms
)");
}

TEST_F(FrameTest, ANarrowScreenCutsAndDoesNotWrap) {
  Load();
  const auto lines = Draw(142, 40);
  EXPECT_EQ(Text(lines), R"(
judged       [##--------]  2 of 8   1 p…
now          load.run   2:02
load         [####------]  120 of 300 s…
  marketing  [##########]  520 of 520
  sales      [##--------]  130 of 520
)");
  for (const std::size_t columns : {1U, 7U, 25U}) {
    for (const std::string& line : Draw(142, columns)) EXPECT_LE(Columns(line), columns) << line;
  }
}

TEST_F(FrameTest, ALowScreenKeepsALineFree) {
  Load();
  EXPECT_THAT(Draw(142, 80, 4), SizeIs(3));
  EXPECT_THAT(Draw(142, 80, 1), SizeIs(1));
}

TEST_F(FrameTest, BetweenReportsTheLoadPhaseGoesOnAndStopsAtItsEnd) {
  Load();
  EXPECT_THAT(Draw(150)[2], HasSubstr("128 of 300 s"));
  EXPECT_THAT(Draw(900)[2], HasSubstr("[########################]  300 of 300 s"));
  progress_.Apply(LoadAt(141, "stop", 310));
  EXPECT_THAT(Draw(150)[2], HasSubstr("300 of 300 s   phase stop"));
}

TEST_F(FrameTest, ElapsedStandsBesideWhatACaseMeansToTake) {
  Kill();
  progress_.Apply(EventAt(100, kCaseDuration, json::object({{"duration_ms", 90'000}}), 7));
  EXPECT_THAT(Draw(134)[1], HasSubstr("F-3 sales   34 s of 1:30"));
}

TEST_F(FrameTest, WithoutColourThereIsNoEscape) {
  Kill();
  EXPECT_THAT(Draw(134), Each(Not(HasSubstr("\x1b"))));
  colour_ = true;
  EXPECT_THAT(Draw(134)[0], HasSubstr("\x1b[32m1 passed\x1b[0m, \x1b[31m1 failed\x1b[0m"));
}

TEST_F(FrameTest, ColoursTakeNoRoom) {
  Kill();
  colour_ = true;
  EXPECT_THAT(Draw(134, 45)[0], testing::EndsWith("\x1b[32m1 passed\x1b[0m, \x1b[31m1…\x1b[0m"));
}

TEST_F(FrameTest, HostileTextsStayInTheirLine) {
  progress_.Apply(CaseStart(100, "X.Y", "", 7));
  json fault = FaultEvent(105, kFaultInjected, 7);
  fault["target"] = "\x1b[2J\nsales";
  progress_.Apply(fault);
  EXPECT_THAT(Draw(110), Each(Not(HasSubstr("\x1b"))));
  EXPECT_THAT(Draw(110), Each(Not(HasSubstr("\n"))));
}

TEST_F(FrameTest, NothingIsKnownAtTheBeginning) {
  EXPECT_THAT(
      DrawFrame({}, AtSecond(0), {.colour = false}),
      ElementsAre("judged    [------------------------]  0", "now       nothing has begun yet"));
}

TEST(LogLineTest, HasTheTimeSinceTheBeginning) {
  const News news{AtSecond(252), "F-1 sales failed\nafter 12.3 s", Tone::kBad};
  EXPECT_EQ(LogLine(news, AtSecond(0)), "   4:12  F-1 sales failed after 12.3 s");
  EXPECT_EQ(LogLine(news, AtSecond(0), {.columns = 20, .colour = false}), "   4:12  F-1 sales …");
  EXPECT_EQ(LogLine(news, AtSecond(0), {.columns = 20, .colour = true}),
            "   4:12  \x1b[31mF-1 sales …\x1b[0m");
}

}  // namespace
}  // namespace proving_ground
