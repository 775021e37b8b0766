#include "support/report/html/chart.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace proving_ground::html {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

std::vector<std::pair<double, std::optional<double>>> Flat(int count) {
  std::vector<std::pair<double, std::optional<double>>> points;
  for (int i = 0; i < count; ++i) points.emplace_back(i, 1.0);
  return points;
}

TEST(ChartTest, ThinningKeepsSpikes) {
  auto points = Flat(10'000);
  points[4'711].second = 99.0;
  points[8'000].second = -5.0;
  const auto thinned = Thinned(points, 100);
  EXPECT_THAT(thinned, SizeIs(Le(100U)));
  EXPECT_THAT(thinned, AllOf(Contains(Pair(4'711, 99.0)), Contains(Pair(8'000, -5.0))));
  EXPECT_TRUE(std::is_sorted(thinned.begin(), thinned.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; }));
}

TEST(ChartTest, ShortLinesStayWhole) { EXPECT_EQ(Thinned(Flat(50), 100), Flat(50)); }

TEST(ChartTest, AChartHasItsValuesAsATableToo) {
  Charts charts(10);
  const std::string figure = charts
                                 .Add({"c",
                                       "Ping",
                                       "ms",
                                       "seconds",
                                       {{"redis", {{0, 1.5}, {1, std::nullopt}}}},
                                       {{"crash", 0.5, 1}}})
                                 .html();
  EXPECT_THAT(figure, AllOf(HasSubstr("<canvas id=\"c\""), HasSubstr("<td>1.5</td>"),
                            HasSubstr("<td>-</td>"), HasSubstr("crash: 0.5 s to 1.0 s")));
  EXPECT_THAT(charts.DataForScript(), HasSubstr(R"("points":[[0.0,1.5],[1.0,null]])"));
}

TEST(ChartTest, WithoutValuesThereIsNoChart) {
  Charts charts(10);
  EXPECT_TRUE(
      charts.Add({"c", "Ping", "ms", "seconds", {{"redis", {{0, std::nullopt}}}}, {}}).empty());
}

TEST(ChartTest, DataCannotEndItsScript) {
  Charts charts(10);
  charts.Add({"c", "", "", "", {{"</script><script>alert(1)//", {{0, 1}}}}, {}});
  EXPECT_THAT(charts.DataForScript(), Not(HasSubstr("<")));
}

}  // namespace
}  // namespace proving_ground::html
