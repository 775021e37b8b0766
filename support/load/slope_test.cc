#include "support/load/slope.h"

#include <gtest/gtest.h>

namespace proving_ground {
namespace {

std::vector<SeriesPoint> Line(double start, double slope, int count) {
  std::vector<SeriesPoint> points;
  for (int i = 0; i < count; ++i) points.push_back({5.0 * i, start + slope * 5.0 * i});
  return points;
}

TEST(RobustGrowthTest, FindsTheLine) {
  const auto growth = RobustGrowth(Line(100, 2, 11));

  ASSERT_TRUE(growth.has_value());
  EXPECT_NEAR(growth->slope, 2, 1e-9);
  EXPECT_NEAR(growth->start, 100, 1e-9);
  EXPECT_NEAR(growth->absolute, 100, 1e-9);
  EXPECT_NEAR(growth->relative, 1, 1e-9);
}

TEST(RobustGrowthTest, OutliersDoNotMatter) {
  auto points = Line(100, 0, 20);
  points[3].value = 900;
  points[12].value = 0;
  points[19].value = 5000;  // the last one: first-against-last would see growth by 49 times

  EXPECT_NEAR(RobustGrowth(points)->relative, 0, 1e-9);
}

TEST(RobustGrowthTest, SawtoothWithoutTrendDoesNotGrow) {
  std::vector<SeriesPoint> points;
  for (int i = 0; i < 60; ++i) points.push_back({1.0 * i, 100.0 + 10 * (i % 5)});

  EXPECT_LT(RobustGrowth(points)->relative, 0.02);
}

TEST(RobustGrowthTest, RefusesTooFewPoints) {
  EXPECT_EQ(RobustGrowth(Line(100, 2, 5)), std::nullopt);
  EXPECT_EQ(RobustGrowth({{1, 1}, {1, 2}, {1, 3}}, 2), std::nullopt) << "one moment only";
}

}  // namespace
}  // namespace proving_ground
