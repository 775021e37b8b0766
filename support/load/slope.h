// Growth of a noisy series: Theil-Sen, the median of the slopes between all pairs of points. Unlike
// the first and the last sample, or least squares, it does not care about a few outliers: up to 29
// % of the points may be arbitrary.
#pragma once

#include <optional>
#include <vector>

namespace proving_ground {

struct SeriesPoint {
  double time = 0;  // seconds
  double value = 0;
};

struct Growth {
  double slope = 0;     // value per second
  double start = 0;     // fitted value at the first point
  double absolute = 0;  // fitted growth from the first to the last point
  // absolute / start; 0 when the fitted start is not positive.
  double relative = 0;
};

// nullopt with fewer than `minimum_points`, or when all points share one moment.
std::optional<Growth> RobustGrowth(const std::vector<SeriesPoint>& points,
                                   std::size_t minimum_points = 6);

}  // namespace proving_ground
